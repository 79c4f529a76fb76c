"""Draw the house as it stands: layers from the contract in pyproject.toml, arrows from the imports in src.

Run by `make pictures`; a test draws it again and allows no difference, so that the drawing cannot age.
"""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "holdfire"
TARGET = ROOT / "docs" / "pictures" / "house.svg"
WIDTH, ROW, BOX, GAP = 880, 104, 260, 30


def layers() -> list[list[str]]:
    """Return the rows of the house, top first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[name.strip() for name in row.split("|")] for row in rows]


def imports(name: str) -> set[str]:
    """Return which other parts of the house a part imports."""
    place = SOURCE / name
    files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found |= {module.split(".")[1] for module in modules if module.startswith("holdfire.")}
    return found - {name}


def shortest(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the arrows that no longer way implies; the rest would only clutter the drawing."""

    def below(name: str) -> set[str]:
        return arrows[name].union(*(below(target) for target in arrows[name]))

    return {
        name: targets - set().union(*(below(other) for other in targets)) for name, targets in arrows.items()
    }


def promise(name: str) -> list[str]:
    """Return the first sentence of a part's docstring, in lines that fit its box."""
    place = SOURCE / name / "__init__.py" if (SOURCE / name).is_dir() else (SOURCE / name).with_suffix(".py")
    sentence = (ast.get_docstring(ast.parse(place.read_text())) or "").split("\n")[0].rstrip(".")
    lines = [""]
    for word in sentence.split():
        if len(lines[-1]) + len(word) > 36:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]


def draw() -> str:
    """Return the drawing as SVG."""
    rows = layers()
    places: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(rows):
        left = (WIDTH - len(row) * BOX - (len(row) - 1) * GAP) // 2
        for position, name in enumerate(row):
            places[name] = (left + position * (BOX + GAP), 16 + number * ROW)
    arrows = shortest({name: imports(name) & set(places) for name in places})
    height = 16 + len(rows) * ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
        "<title>The parts of Holdfire: each imports only what stands below it</title>",
        (
            '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#7a7f87"/></marker></defs>'
        ),
        f'<rect width="{WIDTH}" height="{height}" fill="#fbfaf7"/>',
    ]
    for name, targets in sorted(arrows.items()):
        for target in sorted(targets):
            (x1, y1), (x2, y2) = places[name], places[target]
            parts.append(
                f'<line x1="{x1 + BOX // 2}" y1="{y1 + 70}" x2="{x2 + BOX // 2}" y2="{y2 - 2}" '
                f'stroke="#7a7f87" marker-end="url(#a)"/>'
            )
    for name, (x, y) in places.items():
        parts.append(
            f'<rect x="{x}" y="{y}" width="{BOX}" height="70" rx="6" fill="#fff" stroke="#2f5d62" stroke-width="1.5"/>'
        )
        parts.append(
            f'<text x="{x + 12}" y="{y + 20}" font-size="15" font-weight="bold" fill="#1f3f43">{name}</text>'
        )
        for line, text in enumerate(promise(name)):
            safe = text.replace("&", "&amp;").replace("<", "&lt;")
            parts.append(f'<text x="{x + 12}" y="{y + 36 + line * 14}" fill="#33373d">{safe}</text>')
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    TARGET.write_text(draw())
