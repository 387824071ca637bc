"""What the lens of a hand says. No Qt."""

from collections.abc import Sequence

from app.style.dates import local_date_and_time
from model.database.hands import KeptDrawing, Step, StepKind
from model.hand.hand import LEAST_DRAWINGS, MOST_EXAMPLES, Idle, OwnFigures

NO_MODEL_WORDS = "This model can't be taught."
PREPARING_WORDS = (
    "Preparing this model to be taught; the first time that takes a few seconds. Drawings you"
    " keep meanwhile count."
)


def figures_words(figures: OwnFigures, kept: int) -> str:
    """Return how many own drawings are right, before and now."""
    if not kept:
        return (
            "Nothing is kept yet. Say under the answer what a drawing was, or teach ten digits."
            " From then on, drawings like yours are more often read as you said. 2,000 digits of"
            " other people are tried each time, and have to be read as before."
        )
    if not figures.drawings:
        reason = _reasons_words(figures.idle)
        return f"{count_of_drawings(kept)} kept; none counts with this model now{reason}."
    idle = _idle_words(figures.idle, kept)
    before, now = figures.right_untaught, figures.right_taught
    if figures.drawings == 1:
        lead = "1 drawing counts" if idle else "1 drawing kept"
        said = f"{lead}; the network alone answers it {'right' if before else 'wrong'}."
        return f"{said}{idle} Keep a second one to see what your hand does."
    change = ", as without your hand" if now == before else f"; without your hand {_count(before)}"
    how = "Each is tried as if only the others were kept."
    return f"{_right_of(now, figures.drawings)}{change}. {how}{idle}"


def _idle_words(idle: Idle, kept: int) -> str:
    if not idle.total:
        return ""
    verb = "does" if idle.total == 1 else "do"
    return f" {idle.total:,} of {kept:,} kept {verb} not count{_reasons_words(idle)}."


def _reasons_words(idle: Idle) -> str:
    """Return why drawings do not count, with counts where there are several reasons."""
    reasons = {
        "of a class that this model lacks": idle.lacking,
        "set aside by going back": idle.set_aside,
        f"older than the newest {MOST_EXAMPLES:,}": idle.too_old,
        "kept again later as another class": idle.relabelled,
    }
    found = {reason: count for reason, count in reasons.items() if count}
    if len(found) < 2:
        return "".join(f": {reason}" for reason in found)
    return ": " + ", ".join(f"{count:,} {reason}" for reason, count in found.items())


def learn_words(figures: OwnFigures) -> str:
    """Return what learning needs."""
    if figures.drawings < LEAST_DRAWINGS:
        return f"Learning needs {LEAST_DRAWINGS} drawings; {figures.drawings} so far."
    if figures.right_taught == figures.drawings:
        return (
            "All your drawings are answered right already: what is learnt from them can only make"
            " the answers surer. To change one, keep drawings that are answered wrong first."
        )
    return (
        "Learn from all drawings; it is used only if your own are answered better and other"
        " people's, training digits that the network knows well, are not answered worse."
    )


def step_words(step: Step, earlier: Sequence[Step]) -> str:
    """Return what happened in a step of the history.

    Args:
        step: The step.
        earlier: The steps before it, one of which it may have gone back to.
    """
    if step.kind is StepKind.BACK:
        target = int(step.figures.get("to", 0))
        found = next((each for each in earlier if each.id == target), None)
        return (
            f"Went back to what was learnt on {local_date_and_time(found.time)}"
            if found
            else "Went back to before the first drawing"
        )
    own = (
        f"of your {_figure(step, 'own')} drawings {_figure(step, 'own_wrong_before')} before and"
        f" {_figure(step, 'own_wrong_after')} after"
    )
    others = (
        f"of {_figure(step, 'others')} digits of other people"
        f" {_figure(step, 'others_wrong_untaught')} before and"
        f" {_figure(step, 'others_wrong_after')} after"
    )
    return f"{_LEADS[step.kind]}. Answered wrong: {own}; {others}"


_LEADS = {
    StepKind.LEARNED: "Learnt",
    StepKind.TUNED: "Network fine-tuned",
    StepKind.DECLINED: "Not used",
}


def drawing_words(drawing: KeptDrawing) -> str:
    """Return what is known of a drawing."""
    answered = ""
    if drawing.answer:
        is_right = drawing.answer == drawing.label
        answered = ", answered right" if is_right else f", answered {drawing.answer}"
    return f"{drawing.label}{answered}, {local_date_and_time(drawing.time)}"


def marks_words(drawings: Sequence[KeptDrawing]) -> str:
    """Say what the marks on drawings mean; nothing if none has one."""
    answers = {each.answer for each in drawings if each.answer and each.answer != each.label}
    if not answers:
        return ""
    if len(answers) > 1:
        return "≠ and a class on a drawing: it was answered so when it was kept."
    (answer,) = answers
    return f"≠{answer} on a drawing: it was answered {answer} when it was kept."


def imported_words(kept: int, problems: Sequence[str]) -> str:
    """Return the result of an import in words."""
    words = f"{count_of_drawings(kept)} imported."
    if problems:
        rows = "1 row was" if len(problems) == 1 else f"{len(problems):,} rows were"
        words += f" {rows} left out. {problems[0]}"
    return words


def removed_words(count: int) -> str:
    """Return what is said when drawings were removed."""
    return f"{count_of_drawings(count)} removed."


def count_of_drawings(count: int) -> str:
    """Return a number of drawings in words."""
    return "1 drawing" if count == 1 else f"{count:,} drawings"


def _right_of(right: int, drawings: int) -> str:
    """Return how many of two or more drawings are answered right."""
    if right == drawings:
        whole = "Both of your drawings" if drawings == 2 else f"All {drawings:,} of your drawings"
        return f"{whole} are answered right"
    verb = "is" if right == 1 else "are"
    return f"{_count(right).capitalize()} of your {drawings:,} drawings {verb} answered right"


def _count(count: int) -> str:
    return f"{count:,}" if count else "none"


def _figure(step: Step, name: str) -> str:
    return f"{step.figures.get(name, 0):,.0f}"
