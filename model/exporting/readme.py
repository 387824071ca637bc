"""The README beside an export: its input, its output, and how it was checked."""

from model.exporting.formats import EXPORT_FORMATS
from model.metadata import ModelMetadata
from model.model_files.summary import ModelSummary
from model.task_events import Exported

README_MARK = "exported by Digitpad from"
"""A mark in every README that Digitpad writes, so that no other file is overwritten."""


def export_readme(result: Exported, metadata: ModelMetadata, summary: ModelSummary) -> str:
    """Return the README in Markdown."""
    target = EXPORT_FORMATS[result.target]
    file = result.file.replace("\\", "/").rsplit("/", 1)[-1]
    shape = f"(batch, {', '.join(map(str, metadata.input_format.shape))})"
    return "\n".join(
        [
            f"# {file}",
            "",
            f"A network for handwritten characters in {target.title} format"
            f"{_quantized(result)}, {README_MARK} `{summary.file_name}` (SHA-256"
            f" `{summary.sha256}`, {summary.parameters:,} weights).",
            "",
            "## What goes in",
            "",
            *_input(metadata, shape),
            "",
            "## What comes out",
            "",
            *_output(metadata),
            "",
            "## How to run it",
            "",
            "```python",
            target.code.format(file=file, shape=shape).rstrip(),
            "```",
            "",
            "## How it was checked",
            "",
            *_check(result),
            "",
        ]
    )


def _quantized(result: Exported) -> str:
    return ", computing with 8-bit integers" if result.quantization == "int8" else ""


def _input(metadata: ModelMetadata, shape: str) -> list[str]:
    wanted = metadata.input_format
    return [
        f"float32 {shape}, one grey level a pixel: {wanted.paper:.4g} is paper,"
        f" {wanted.ink:.4g} is full ink.",
        "",
        "The character is placed as in MNIST: without its empty margins, scaled with its aspect"
        " ratio kept so that its longer side is 20 of 28 pixels, its centre of mass at the centre"
        " of the 28 by 28 pixels, strokes about 2.4 pixels wide, edges anti-aliased. For another"
        " input size that 28 by 28 image is resized.",
    ]


def _output(metadata: ModelMetadata) -> list[str]:
    names = ", ".join(f"`{name}`" for name in metadata.class_names)
    lines = [f"float32 (batch, {len(metadata.class_names)}): {metadata.output} of {names}."]
    if metadata.output == "logits":
        lines.append("Softmax turns them into probabilities.")
    if metadata.temperature != 1.0:
        lines.append(
            f"For calibrated confidence divide the logits (or the logarithms of the probabilities)"
            f" by {metadata.temperature:.4g} before softmax."
        )
    lines.append(
        f"Below a confidence of {metadata.verdicts.unsure_below:.2g} Digitpad calls an answer"
        " unsure."
    )
    return lines


def _check(result: Exported) -> list[str]:
    lines = [
        f"Loaded again by its own runtime and compared with Keras on {result.digits:,} images of"
        f" {result.digits_from}: no probability differs by more than"
        f" {result.largest_difference:.1e}."
    ]
    if result.accuracy is not None and result.exported_accuracy is not None:
        lines.append(f"Right: {result.exported_accuracy:.2%}, by Keras {result.accuracy:.2%}.")
    return lines
