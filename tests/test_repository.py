"""What lies in the repository: nothing about the machines it was made on, and nothing unaccounted for."""

import hashlib
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.sweeps import sweep

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
LEFT_OUT = {".git", ".venv", "var", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


def _files() -> list[Path]:
    """Every file that is or would be committed; in a copy without git, every file that is not made by a tool."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not LEFT_OUT & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.is_file())


def _text(path: Path) -> str | None:
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8", "replace")


FILES = _files()
TEXTS = {str(path.relative_to(ROOT)): text for path in FILES if (text := _text(path)) is not None}
# Written by others and taken as they are.
OURS = {name: text for name, text in TEXTS.items() if not name.startswith("static/vendor/")}
TEMPLATES = {name: text for name, text in OURS.items() if name.startswith("templates/")}

# In pieces, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a package index": re.compile(
        "|".join(
            (
                "python" + r"hosted\.",
                "py" + r"pi\.(?:org|python)",
                r"registry\." + r"(?:npmjs|yarnpkg)",
                r"/sim" + r"ple/?[\"'\s]",
                r"(?<!emit-)(?:extra-)?ind" + r"ex-url",
                "find" + "-links",
                r"arti" + r"factory|\bdev" + r"pi\b|\bjf" + "rog",
            )
        ),
        re.IGNORECASE,
    ),
    "a path of one machine": re.compile(
        r"(?<![\w./{}-])/(?:"
        + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers", "op" + "t"))
        + r")(?:/\w|\b(?![\w/]))"
        r"|(?<![\w./{}-])/tm" + r"p/\w"
    ),
    "a word of the workplace": re.compile(
        "|".join(
            (
                r"\bis" + r"sue #?\d",
                r"\bfault " + "matrix",
                r"\b(?:reliab" + "ility|archi" + "tecture|depend" + "encies|style-exam" + r"ples|recraft-api)\.md",
                r"\bdes" + r"ign/(?:mock|plates|product|security)",
                r"\bthe br" + r"ief\b|\bbr" + "ief/",
                "cla" + r"ude\b|anth" + "ropic",
            )
        ),
        re.IGNORECASE,
    ),
}


def test_the_repository_was_looked_at() -> None:
    assert {"Makefile", "pyproject.toml", "studio/settings.py", "requirements.lock", ".ci/run"} <= set(TEXTS)


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_nothing_tells_where_it_was_made(kind: str) -> None:
    hits = [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}"
        for name, text in TEXTS.items()
        for found in FORBIDDEN[kind].finditer(text)
    ]
    assert hits == [], f"{kind} stands in {', '.join(hits)}"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a package index", "https://files.python" + "hosted.org/x"),
        ("a package index", "--ind" + "ex-url https://packages.test"),
        ("a path of one machine", "see /ho" + "me/alice/atelier"),
        ("a path of one machine", "'/wo" + "rk/main.py'"),
        ("a path of one machine", "under /ro" + "ot."),
        ("a path of one machine", "/tm" + "p/notes.txt"),
        ("a word of the workplace", "as iss" + "ue 12 asks"),
    ],
)
def test_what_is_looked_for_would_be_found(kind: str, text: str) -> None:
    assert FORBIDDEN[kind].search(text)


def test_every_vendored_file_is_as_it_was_published() -> None:
    entries = json.loads((VENDOR / "manifest.json").read_text())
    for entry in entries:
        assert set(entry) == {"file", "name", "version", "licence", "sha256"}
        assert all(entry.values()), entry
        assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]
    listed = {entry["file"] for entry in entries}
    lying_there = {path.name for path in VENDOR.iterdir() if path.name != "manifest.json"}
    # A licence may lie beside the file it belongs to.
    licences = {name for name in lying_there if name.endswith((".LICENSE", ".LICENCE", ".txt"))}
    assert lying_there - licences == listed


def test_only_the_tokens_hold_raw_colors() -> None:
    raw = re.compile(r"#[0-9a-f]{3,8}\b(?![^{}]*\{)|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(", re.IGNORECASE)
    sheets = {name: text for name, text in OURS.items() if name.startswith("static/css/")}
    assert "static/css/tokens.css" in sheets
    for name, text in sheets.items():
        bare = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
        hits = [bare.count("\n", 0, found.start()) + 1 for found in raw.finditer(bare)]
        assert name == "static/css/tokens.css" or hits == [], f"{name}, lines {hits}"


@sweep("name", TEMPLATES)
def test_a_template_holds_nothing_the_policy_forbids(name: str) -> None:
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", TEMPLATES[name], flags=re.DOTALL)
    for tag in re.findall(r"<script\b[^>]*>[^<]*", text):
        assert " src=" in tag, f"a script inline: {tag}"
        assert tag.endswith(">"), f"a script inline: {tag}"
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text)
    inline = r"<style\b|\sstyle\s*=|<[^>]*\son\w+\s*=|\bhx-on\b|javascript:|<[^>]*(?:src|href)=[\"'](?:https?:)?//"
    assert re.findall(inline, text, re.IGNORECASE) == []


@sweep("name", TEMPLATES)
def test_a_template_loads_only_files_that_are_there(name: str) -> None:
    for path in re.findall(r"\{% static ['\"]([^'\"]+)['\"]", TEMPLATES[name]):
        assert (ROOT / "static" / path).is_file(), path


@sweep("name", TEMPLATES)
def test_a_template_can_be_read_and_so_can_what_it_includes(name: str) -> None:
    get_template(name.removeprefix("templates/"))
    for included in re.findall(r"\{% (?:include|extends) [\"']([^\"']+)[\"']", TEMPLATES[name]):
        assert f"templates/{included}" in TEMPLATES, included


def test_every_template_is_used() -> None:
    code = "".join(text for path, text in OURS.items() if path.startswith(("studio/", "templates/")))
    by_django = {"templates/403.html", "templates/404.html", "templates/500.html"}
    unused = {name for name in TEMPLATES if name.removeprefix("templates/") not in code} - by_django
    assert unused == set()


def test_every_script_of_ours_is_loaded_by_a_page() -> None:
    loaded = {path for text in TEMPLATES.values() for path in re.findall(r"\{% static ['\"]([^'\"]+)['\"]", text)}
    scripts = {name.removeprefix("static/") for name in OURS if re.fullmatch(r"static/js/.*\.js", name)}
    imported = {
        f"js/{name}"
        for path, text in OURS.items()
        if path.startswith("static/js/")
        for name in re.findall(r"(?:from|import)\s+[\"']\./([^\"']+)", text)
    }
    assert scripts <= loaded | imported


@sweep("name", [name for name in OURS if re.fullmatch(r"static/js/.*\.js", name)])
def test_a_script_keeps_to_the_policy(name: str) -> None:
    # With `default-src 'none'` these would be dead or reported; better red here than quiet there.
    assert (
        re.findall(r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write|setAttribute\([\"']style", OURS[name])
        == []
    )
    assert len(OURS[name].splitlines()) < 150


def test_no_test_is_switched_off() -> None:
    off = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importor" + "skip)|collect_" + "ignore|@unittest" + r"\.skip")
    hits = [name for name, text in OURS.items() if name.startswith("tests/") and off.search(text)]
    assert set(hits) <= {"tests/test_plugins.py", "tests/test_repository.py"}, hits


def test_the_tools_lock_holds_the_runtime_lock() -> None:
    """One environment serves `make run` and `make test`, which only works while they agree."""
    pin = re.compile(r"^[\w.\[\]-]+==[^\s;]+(?: ; [^\\]+)?", re.MULTILINE)
    runtime, tools = (set(pin.findall(TEXTS[name])) for name in ("requirements.lock", "requirements-dev.lock"))
    assert len(runtime) > 20
    names = {line.partition(" ")[0] for line in runtime}
    assert names <= {line.partition(" ")[0] for line in tools}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_everything_locked_has_hashes(lock: str) -> None:
    for block in re.split(r"\n(?=\S)", TEXTS[lock].strip()):
        assert "==" in block.splitlines()[0] and "--hash=sha256:" in block, block.splitlines()[0]


def test_what_the_project_says_of_itself_is_there() -> None:
    project = tomllib.loads(TEXTS["pyproject.toml"])["project"]
    assert TEXTS["LICENSE"].startswith("MIT License")
    assert project["license"] == "MIT"
    for name in ("README.md", "CHANGELOG.md"):
        assert len(TEXTS.get(name, "")) > 200, f"{name} is missing"
    assert "make run" in TEXTS["README.md"]
    assert "make test" in TEXTS["README.md"]
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", TEXTS["README.md"]):
        assert (ROOT / picture).is_file(), picture


def test_the_doors_can_be_opened() -> None:
    for name in (".ci/run", ".ci/venv", "manage.py"):
        assert TEXTS[name].startswith("#!"), name
    for name in (".ci/run", ".ci/venv"):
        assert (ROOT / name).stat().st_mode & 0o111, f"{name} can't be run"
