"""What is remembered, and what happens when it can't be."""

import os
import threading

import pytest

from app.settings import Settings, SettingsFile


def test_what_was_changed_is_there_at_the_next_start(tmp_path):
    path = tmp_path / "new folder" / "settings.json"
    file = SettingsFile(path)
    file.change(theme="dark", pen_width=9, recent_files=("a.keras",))
    assert file.save() == ""
    again = SettingsFile(path)
    assert again.settings == Settings(theme="dark", pen_width=9, recent_files=("a.keras",))
    assert again.complaint == ""


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_a_damaged_file_gives_defaults_and_one_sentence(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.settings == Settings()
    assert "damaged" in file.complaint


def test_a_damaged_file_is_set_aside_before_it_is_written_anew(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"theme": "dark", "pen_width"')
    file = SettingsFile(path)
    file.change(pen_width=9)
    assert file.save() == ""
    assert SettingsFile(path).settings == Settings(pen_width=9)
    assert (tmp_path / "settings.json.bad").read_bytes() == b'{"theme": "dark", "pen_width"'


def test_a_file_that_is_damaged_meanwhile_takes_nothing_with_it(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"theme": "dark"}')
    file = SettingsFile(path)
    path.write_bytes(b"{")
    file.change(pen_width=9)
    assert file.save() == ""
    assert SettingsFile(path).settings == Settings(theme="dark", pen_width=9)


def test_two_windows_keep_what_each_of_them_changed(tmp_path):
    path = tmp_path / "settings.json"
    first, second = SettingsFile(path), SettingsFile(path)
    first.change(theme="dark")
    first.save()
    second.change(theme="light", data_folder="here")
    second.save()
    first.change(open_folder="there", theme="dark")
    first.save()
    kept = SettingsFile(path).settings
    assert kept == Settings(theme="light", data_folder="here", open_folder="there")


def test_only_another_value_is_a_change(tmp_path):
    file = SettingsFile(tmp_path / "settings.json")
    told = []
    file.on_change = lambda: told.append(file.settings.theme)
    file.change(theme="system")
    file.save()
    assert list(tmp_path.iterdir()) == []
    file.change(theme="dark")
    file.change(theme="dark")
    assert told == ["dark"]


def test_settings_of_a_later_version_are_read_as_far_as_they_are_known(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"theme": "light", "from_the_future": 3}')
    assert SettingsFile(path).settings.theme == "light"


def test_a_folder_that_can_not_be_written_is_said_once_and_harms_nothing(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    file = SettingsFile(blocker / "settings.json")
    file.change(pen_width=7)
    assert "can't be kept" in file.save()
    assert file.settings.pen_width == 7
    blocker.unlink()
    assert file.save() == ""
    assert SettingsFile(blocker / "settings.json").settings.pen_width == 7


def test_a_file_that_can_not_be_read_gives_defaults_and_one_sentence(tmp_path):
    path = tmp_path / "settings.json"
    path.mkdir()
    assert "can't be read" in SettingsFile(path).complaint


@pytest.mark.parametrize("change", [{"colour": "red"}, {"theme": "pink"}, {"pen_width": None}])
def test_a_change_that_makes_no_sense_is_a_mistake_of_the_program(tmp_path, change):
    with pytest.raises(ValueError, match=r"."):
        SettingsFile(tmp_path / "settings.json").change(**change)


def test_a_field_of_another_type_loses_only_itself(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"theme": "pink", "pen_width": 7, "recent_files": 3}')
    file = SettingsFile(path)
    assert (file.complaint, file.settings) == ("", Settings(pen_width=7))
    file.change(lens="none")
    assert file.save() == ""
    assert SettingsFile(path).settings == Settings(pen_width=7, lens="none")


def test_a_name_of_any_bytes_is_not_remembered_and_blocks_no_later_save(tmp_path):
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    file.change(open_folder="/a/d\udcff", recent_files=("/a/\udcff.keras",), pen_width=7)
    assert file.save() == ""
    assert SettingsFile(path).settings == Settings(pen_width=7)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe, which can't be read")
def test_a_file_that_can_not_be_read_is_not_taken_for_a_damaged_one(tmp_path):
    path = tmp_path / "settings.json"
    os.mkfifo(path)
    file = SettingsFile(path)
    file.change(pen_width=7)
    assert "can't be kept" in file.save()
    assert not path.with_name("settings.json.bad").exists()


def test_windows_that_save_at_once_lose_nothing(tmp_path):
    path = tmp_path / "settings.json"
    files = [SettingsFile(path) for _ in range(4)]
    names = ("open_folder", "save_folder", "data_folder", "training_recipe")

    def save(file, name):
        for number in range(5):
            file.change(**{name: str(number)})
            assert file.save() == ""

    threads = [threading.Thread(target=save, args=pair) for pair in zip(files, names, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [getattr(SettingsFile(path).settings, name) for name in names] == ["4"] * 4
