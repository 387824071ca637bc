"""The page of an evaluation needs nothing else, and shows a stranger's words as words."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from model.__main__ import main
from model.evaluation.kept import Evaluation, NumbersEvaluation, TrainingRecord
from model.evaluation.measured_data import DrawingRows
from model.evaluation.measuring import measure
from model.evaluation.numbers_report import NumbersReport, WrongNumber
from model.evaluation.page import as_page
from model.evaluation.saving import ReportFileError, as_csv, write_report
from model.metadata import DIGIT_NAMES, EpochFigures, ModelMetadata
from model.recognizer import Recognizer

SEVEN = [[[0, 0], [50, 0], [20, 90]]]
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[2J'


class Page(HTMLParser):
    """Collects what a browser would obey."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.fixture
def evaluation(tmp_path: Path) -> Evaluation:
    path = tmp_path / "rows.jsonl"
    rows = [{"label": 7, "strokes": SEVEN, "writer": HOSTILE}, {"label": 1, "strokes": SEVEN}]
    path.write_text("\n".join(map(json.dumps, rows)))
    data = DrawingRows.of_file(path, DIGIT_NAMES)
    found = measure(Recognizer.bundled(), data, model=HOSTILE)
    history = tuple(
        EpochFigures(epoch=n, loss=1 / n, accuracy=1 - 0.5 / n, validation_loss=float("nan"))
        for n in (1, 2, 3)
    )
    return Evaluation(
        title=HOSTILE,
        is_test=False,
        report=found.report,
        pictures=found.pictures,
        training=TrainingRecord(
            recipe={"name": HOSTILE, "epochs": 3}, dataset=HOSTILE, history=history, device=HOSTILE
        ),
    )


def assert_harmless(page: bytes) -> Page:
    read = Page(page)
    assert "script" not in read.tags
    for name, value in read.attributes:
        assert not name.startswith("on")
        if name in ("src", "href"):
            assert (value or "").startswith("data:image/png;base64,")
    assert b"\x1b" not in page
    assert b"://" not in page
    assert b"default-src 'none'" in page
    return read


def test_a_page_obeys_no_stranger_and_asks_for_nothing(evaluation: Evaluation) -> None:
    page = as_page(evaluation)
    read = assert_harmless(page)
    assert read.tags.count("img") == 1  # the one wrong picture
    assert b"prefers-color-scheme: dark" in page
    assert "&lt;script&gt;" in page.decode()


def test_a_page_holds_curves_settings_matrix_intervals_and_wrong_pictures(
    evaluation: Evaluation,
) -> None:
    page = as_page(evaluation).decode()
    for heading in ("Training", "Settings", "Confusion matrix", "Classes", "Reliability"):
        assert f"<h2>{heading}</h2>" in page
    assert "By writer" in page
    assert "training images right (95 % interval " in page
    assert "<td>20.7 % to 100.0 %</td>" in page  # one of one right
    assert page.count("<polyline") == 3  # two curves, and the diagonal
    assert not re.search(r'points="[^"]*nan', page)


def test_a_page_says_what_a_continued_run_began_with(evaluation: Evaluation) -> None:
    assert "Began with" not in as_page(evaluation).decode()
    metadata = ModelMetadata(began_with="cd" * 32, began_with_name="<b>Lesson A")
    training = TrainingRecord.of(metadata)
    page = as_page(msgspec.structs.replace(evaluation, training=training)).decode()
    assert f"&lt;b&gt;Lesson A, SHA-256 {'cd' * 32}" in page


def test_a_page_names_recipe_and_network_as_the_window_does(evaluation: Evaluation) -> None:
    recipe = {"name": "dense128", "network": "dense128", "optimizer": "adam"}
    training = msgspec.structs.replace(evaluation.training, recipe=recipe)
    page = as_page(msgspec.structs.replace(evaluation, training=training)).decode()
    assert page.count("No convolution (Keras)") == 2
    assert "dense128" not in page
    assert "adam" in page


def test_a_page_of_one_epoch_and_of_none_is_drawn(evaluation: Evaluation) -> None:
    for epochs in (0, 1):
        training = msgspec.structs.replace(
            evaluation.training, history=evaluation.training.history[:epochs]
        )
        page = as_page(msgspec.structs.replace(evaluation, training=training))
        assert (b"<h2>Training</h2>" in page) == bool(epochs)


def test_numbers_have_a_page_and_a_table_of_their_own() -> None:
    wrong = WrongNumber(row=2, text=HOSTILE, answer="=1+2")
    report = NumbersReport(
        model=HOSTILE,
        model_sha256="a",
        dataset="d",
        dataset_sha256="b",
        numbers=2,
        right=1,
        accuracy=0.5,
        interval=(0.1, 0.9),
        groups=4,
        groups_right=3,
        slices={},
        wrong=(wrong,),
    )
    evaluation = NumbersEvaluation(title="Numbers", report=report)
    page = as_page(evaluation)
    assert_harmless(page)
    assert b"75.00 % of 4 digits found" in page
    assert "'=1+2" in as_csv(evaluation).decode("utf-8-sig")


def test_the_command_writes_a_report_or_says_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"label": 7, "strokes": SEVEN}))
    report = tmp_path / "report.html"
    assert main(["evaluate", f"--dataset={path}", f"--report={report}"]) == 0
    assert b"100.00 %" in report.read_bytes()
    for wrong in (tmp_path / "report.pdf", path / "report.html"):
        assert main(["evaluate", f"--dataset={path}", f"--report={wrong}"]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
    numbers = tmp_path / "numbers.jsonl"
    numbers.write_text(json.dumps({"text": "7", "strokes": SEVEN}))
    assert main(["evaluate", f"--dataset={numbers}", f"--report={report}", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["numbers"], figures["accuracy"]) == (1, 1.0)
    assert figures["slices"]["digits"][0]["interval"] == pytest.approx([0.2065, 1.0], abs=1e-3)
    assert b"of 1 numbers read right" in report.read_bytes()


def test_a_folder_in_the_way_is_a_sentence(evaluation: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    with pytest.raises(ReportFileError, match=r"report\.html can't be written"):
        write_report(evaluation, tmp_path / "report.html")
