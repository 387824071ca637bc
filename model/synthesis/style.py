"""A style: one of the ways in which people write a digit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """One way of writing a digit.

    Attributes:
        digit: The digit, 0 to 9.
        weight: How often it is drawn, relative to the digit's other styles.
        templates: Texts for `model.synthesis.curves.curves`, each as likely as the others.
        freedom: How much slant, width, proportions and corners vary; below 1 if a style would
            otherwise turn into another digit.
        twin: Another style of the same templates, where people mean either digit by them.
    """

    digit: int
    weight: float
    templates: tuple[str, ...]
    freedom: float = 1.0
    twin: str = ""
