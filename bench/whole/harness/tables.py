"""Tables for a terminal and for Markdown, from the same cells."""

from typing import List, NamedTuple, Optional

from .figures import Figure


class Table(NamedTuple):
    """The first column holds names; the others are figures. `notes` stand below."""

    title: str
    columns: List[str]
    rows: List[List[str]]
    notes: List[str] = []

    def text(self) -> str:
        everything = [self.columns] + self.rows
        widths = [max(len(row[i]) for row in everything) for i in range(len(self.columns))]
        lines = [self.title, ""]
        for row in everything if self.rows else []:
            cells = [cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
            lines.append("  " + "  ".join(cells).rstrip())
        lines += ["  " + note for note in self.notes]
        return "\n".join(lines) + "\n"

    def markdown(self, level: int = 3) -> str:
        lines = ["#" * level + " " + self.title, ""]
        if self.rows:
            lines.append("| " + " | ".join(self.columns) + " |")
            lines.append("|---|" + "--:|" * (len(self.columns) - 1))
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in self.rows]
        for note in self.notes:
            lines += ["", note]
        return "\n".join(lines) + "\n"


def number(value: Optional[float]) -> str:
    """With as many digits as a measurement deserves."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"


def spread(of: Optional[Figure], scale: float = 1.0) -> str:
    """The median; behind it the least and the greatest, when there are several."""
    if of is None:
        return "-"
    if of.count < 2:
        return number(of.median * scale)
    return f"{number(of.median * scale)} ({number(of.low * scale)}..{number(of.high * scale)})"
