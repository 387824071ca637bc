"""Images that were kept are made anew where templates or hands have changed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from model.data.synthesis_version import synthesis_fingerprint
from model.synthesis import handwriting, letter_templates, mark_templates, stroke_templates


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Forget what was made under changed templates."""
    yield
    synthesis_fingerprint.cache_clear()


def fingerprint_now() -> bytes:
    synthesis_fingerprint.cache_clear()
    return synthesis_fingerprint()


def test_the_same_templates_and_hands_have_the_same_fingerprint() -> None:
    assert fingerprint_now() == fingerprint_now()


@pytest.mark.parametrize("style", list(stroke_templates.STYLES)[::8])
def test_a_template_more_is_noticed(monkeypatch: pytest.MonkeyPatch, style: str) -> None:
    before = fingerprint_now()
    old = stroke_templates.STYLES[style]
    new = replace(old, templates=(*old.templates, "50,0 52,100"))
    monkeypatch.setitem(stroke_templates.STYLES, style, new)
    assert fingerprint_now() != before


@pytest.mark.parametrize(
    ("templates", "name"), [(letter_templates.HANDWRITTEN, "A"), (mark_templates.MARKS, "arrow")]
)
def test_another_letter_or_mark_is_noticed(
    monkeypatch: pytest.MonkeyPatch, templates: dict[str, object], name: str
) -> None:
    before = fingerprint_now()
    value = templates[name]
    changed = value[:-1] if isinstance(value, tuple) else dict(list(value.items())[:-1])
    monkeypatch.setitem(templates, name, changed)
    assert fingerprint_now() != before


def test_another_hand_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint_now()
    monkeypatch.setattr(handwriting, "STRAY", 0.03)
    assert fingerprint_now() != before
