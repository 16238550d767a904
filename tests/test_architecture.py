"""The house and its rooms: who may import whom, and how large things may grow.

A room may import only what stands before it in ROOMS. Leaves may import rooms and are imported by none.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.sweeps import sweep

ROOT = Path(__file__).resolve().parent.parent
STUDIO = ROOT / "studio"
TEMPLATES = ROOT / "templates"

# Each module belongs to the longest name here that it starts with. Two rooms on one line may not import each other.
ROOMS = (
    ("recraft", "pictures", "storage", "environment"),
    ("errors", "outgoing"),
    ("models",),
    ("services",),
    ("services.turns",),
    ("services.execution", "services.health"),
    ("services.upkeep", "services.alerts"),
    ("tasks",),
    (
        "services.jobs",
        "services.uploads",
        "services.finishing",
        "services.exports",
        "services.imports",
        "services.acting",
    ),
    ("services.invitations", "services.passwords"),
    ("services.styles", "services.requests", "services.colors"),
    ("forms",),
    ("views",),
    ("urls",),
)
# Django and Celery look these up by name; nobody imports them but one another.
ENTRANCES = frozenset({"settings", "asgi", "wsgi", "celery", "apps", "checks"})
LEAVES = frozenset({"admin", "templatetags", "management", "migrations", "sandbox", "supervisor"})

RANKS = {room: rank for rank, line in enumerate(ROOMS) for room in line}
THE_FACTS = frozenset({"recraft.image_models", "recraft.prices", "recraft.styles"})
OUTSIDE = {
    "recraft": {"httpx", "httpcore", "certifi"},
    "pictures": {"PIL", "lxml", "pyvips"},
    "sandbox": {"starlette", "uvicorn", "python_multipart", "numpy", "PIL", "anyio", "h11", "httptools", "vtracer"},
    "supervisor": set(),
    "errors": set(),
    "outgoing": {"httpx"},
}

FILE_LINES = 400
FUNCTION_LINES = 50
PAGE_LINES = 120
FRAGMENT_LINES = 40


def _name(path: Path) -> str:
    parts = path.relative_to(STUDIO).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {_name(path): path for path in sorted(STUDIO.rglob("*.py")) if "migrations" not in path.parts}
TREES = {name: ast.parse(path.read_text(), str(path)) for name, path in SOURCES.items()}
PAGES = sorted(TEMPLATES.rglob("*.html"))


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(TREES[name]))


@cache
def imported(name: str) -> tuple[tuple[str, int], ...]:
    """Every module that a module imports, in full, with the line it does so on."""
    return tuple(_imported(name))


def _imported(name: str) -> Iterator[tuple[str, int]]:
    package = f"studio.{name}" if SOURCES[name].name == "__init__.py" else f"studio.{name}".rpartition(".")[0]
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield (inner if inner.removeprefix("studio.") in SOURCES else module), node.lineno


def own(name: str) -> Iterator[tuple[str, int]]:
    """The studio's modules among them, without the `studio.` before."""
    for module, line in imported(name):
        if module.startswith("studio."):
            yield module.removeprefix("studio."), line


@cache
def room(name: str) -> str:
    fitting = [known for known in RANKS if name == known or name.startswith(f"{known}.")]
    return max(fitting, key=len) if fitting else name.partition(".")[0]


def test_every_module_belongs_to_a_room() -> None:
    places = {room(name) for name in SOURCES if name}
    assert places <= set(RANKS) | ENTRANCES | LEAVES
    assert {"recraft", "models", "services", "services.jobs", "views", "sandbox"} <= places, "nothing was looked at"


@sweep("name", SOURCES)
def test_imports_point_down(name: str) -> None:
    here = room(name)
    for target, line in own(name):
        there = room(target)
        if here == there:
            continue
        assert there not in LEAVES, f"{name}:{line} imports {target}, and a leaf is imported by nobody"
        if there in ENTRANCES:
            assert here in ENTRANCES or (here, there) == ("tasks", "celery"), (
                f"{name}:{line} imports {target}, which is Django's to find"
            )
        elif here in RANKS:
            assert RANKS[there] < RANKS[here], f"{name}:{line} imports {target}, which stands above it"


def test_no_circle_of_imports() -> None:
    # What is imported for its types alone is not there when the program runs.
    graph = {
        name: {target for target, line in own(name) if target in SOURCES and line not in _for_types(name)} - {name}
        for name in SOURCES
    }
    while graph:
        free = {name for name, targets in graph.items() if not targets & set(graph)}
        assert free, f"these import one another in a circle: {sorted(graph)}"
        graph = {name: targets for name, targets in graph.items() if name not in free}


@sweep("name", SOURCES)
def test_nothing_is_imported_inside_a_function(name: str) -> None:
    for function in _functions(name):
        if (name, function.name) == ("apps", "ready"):
            continue  # Django's own place for it: there are no models before
        for node in ast.walk(function):
            assert not isinstance(node, ast.Import | ast.ImportFrom), f"{name}:{node.lineno}"


@sweep("name", [name for name in SOURCES if room(name) in OUTSIDE])
def test_a_room_that_could_be_lifted_out_needs_little(name: str) -> None:
    allowed = sys.stdlib_module_names | OUTSIDE[room(name)] | {"studio"}
    for module, line in imported(name):
        assert module.partition(".")[0] in allowed, f"{name}:{line} imports {module}"


@sweep("name", [name for name in SOURCES if room(name) == "sandbox"])
def test_the_sandbox_knows_the_facts_only(name: str) -> None:
    # What it checks is the catalogue and the client: it must not be made of them.
    for target, line in own(name):
        assert room(target) == "sandbox" or target in THE_FACTS, f"{name}:{line} imports {target}"


def test_the_facts_know_each_other_only() -> None:
    for fact in THE_FACTS:
        assert {target for target, _ in own(fact)} <= THE_FACTS


@sweep("name", [name for name in SOURCES if room(name) == "supervisor"])
def test_the_supervisor_knows_the_studio_as_command_lines_only(name: str) -> None:
    for target, line in own(name):
        assert room(target) == "supervisor", f"{name}:{line} imports {target}"


@pytest.mark.parametrize(
    ("library", "places"),
    [
        ("httpx", {"recraft", "outgoing"}),
        ("celery", {"celery", "tasks"}),
        ("billiard", {"celery", "tasks"}),
        ("requests", set()),
    ],
)
def test_a_library_stays_in_its_room(library: str, places: set[str]) -> None:
    users = {name for name in SOURCES for module, _ in imported(name) if module.partition(".")[0] == library}
    assert {room(name) for name in users} <= places, users


def test_one_module_sends_to_addresses_that_people_typed() -> None:
    senders = {name for name in SOURCES for target, _ in own(name) if target == "outgoing"}
    assert senders == {"services.webhooks"}
    assert {target for target, _ in own("outgoing") if room(target) != "recraft"} == set()


@sweep("name", [name for name in SOURCES if room(name) == "views"])
def test_views_do_not_reach_behind_the_counter(name: str) -> None:
    behind = {"recraft.client", "recraft.fetching", "services.execution", "services.turns", "services.outcome"}
    assert not behind & {target for target, _ in own(name)}


@sweep("name", [name for name in SOURCES if room(name) in RANKS and name != "services.ledger"])
def test_units_move_in_the_ledger_alone(name: str) -> None:
    writes = {"create", "bulk_create", "get_or_create", "update_or_create"}
    for node in nodes(name):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            wrote = called == "Entry" or (called.startswith("Entry.objects") and called.rpartition(".")[2] in writes)
            assert not wrote, f"{name}:{node.lineno} writes ledger entries"


@sweep("name", SOURCES)
def test_a_file_stays_readable(name: str) -> None:
    assert len(SOURCES[name].read_text().splitlines()) < FILE_LINES
    for function in _functions(name):
        lines = (function.end_lineno or 0) - function.lineno + 1
        assert lines <= FUNCTION_LINES, f"{name}:{function.lineno} {function.name} has {lines} lines"


@sweep("name", SOURCES)
def test_a_net_for_every_exception_gives_its_reason(name: str) -> None:
    lines = SOURCES[name].read_text().splitlines()
    for node in nodes(name):
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not _passes_on(node):
            near = lines[max(0, node.lineno - 2) : node.body[0].lineno]
            words = " ".join(line.partition("#")[2] for line in near).replace("noqa", "").strip(" :-BLE01")
            assert len(words) > 10, f"{name}:{node.lineno} catches everything and does not say why"


@sweep("name", [name for name in SOURCES if room(name).partition(".")[0] in {"models", "services", "views"}])
def test_a_save_says_what_it_saves(name: str) -> None:
    for node in nodes(name):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "save":
            told = {keyword.arg for keyword in node.keywords}
            # A row that is new is saved whole, and says so; a form saves what it asked for.
            fine = told & {"update_fields", "force_insert"} or ast.unparse(node.func) == "form.save"
            assert fine, f"{name}:{node.lineno} saves every field"


@sweep("path", PAGES)
def test_a_template_stays_readable(path: Path) -> None:
    text = path.read_text()
    if path.name.startswith("_"):
        assert text.lstrip().startswith(("{#", "{% comment")), (
            "a fragment opens with a comment that names its variables"
        )
        assert len(text.splitlines()) < FRAGMENT_LINES
    else:
        assert len(text.splitlines()) < PAGE_LINES


def _functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(name):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _catches_all(handler: ast.ExceptHandler) -> bool:
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(name is None or ast.unparse(name) in {"Exception", "BaseException"} for name in names)


def _passes_on(handler: ast.ExceptHandler) -> bool:
    """Does the exception go on its way after something was put in order?"""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@cache
def _for_types(name: str) -> set[int]:
    """The lines of a module that a type checker alone reads."""
    return {
        line
        for node in nodes(name)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for line in range(node.lineno, (node.end_lineno or 0) + 1)
    }
