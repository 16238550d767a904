"""What the processes say is read as it grows, and never fills the disk."""

import io
import os
from pathlib import Path

from studio.supervisor.logs import LONGEST_LINE, MOST_BYTES, Log, Screen


def test_whole_lines_are_read_once_each(tmp_path: Path) -> None:
    log = Log(tmp_path / "web.log")
    with log.for_writing() as child:
        child.write("one\ntwo, fü".encode()[:-1])
        assert log.new_lines() == ["one"]
        child.write(b"\xbcrst half\r\n\n")
        assert log.new_lines() == ["two, fürst half", ""]
        assert log.new_lines() == []


def test_what_was_there_before_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("of yesterday\n")
    assert Log(tmp_path / "web.log").new_lines() == []


def test_a_log_is_emptied_under_the_child_that_writes_it(tmp_path: Path) -> None:
    log = Log(tmp_path / "web.log")
    line = b"x" * 1023 + b"\n"
    with log.for_writing() as child:
        for _ in range(3):
            child.write(line * (MOST_BYTES // 1024 + 1))
            while log.new_lines():
                pass
            assert (tmp_path / "web.log").stat().st_size < MOST_BYTES
            assert (tmp_path / "web.log.1").stat().st_size <= 2 * MOST_BYTES
        child.write(b"still here\n")
    assert log.new_lines()[-1] == "still here"


def test_a_line_without_an_end_is_shown_in_pieces(tmp_path: Path) -> None:
    log = Log(tmp_path / "web.log")
    with log.for_writing() as child:
        child.write(b"x" * (LONGEST_LINE + 1))
    assert [len(line) for line in log.new_lines()] == [LONGEST_LINE]


def test_a_log_that_was_deleted_is_no_trouble(tmp_path: Path) -> None:
    log = Log(tmp_path / "web.log")
    with log.for_writing() as child:
        child.write(b"one\n")
    log.path.unlink()
    assert log.new_lines() == []
    with log.for_writing() as child:
        child.write(b"two\n")
    assert log.new_lines() == ["two"]


def test_colors_are_for_terminals() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    plain, colored = io.StringIO(), Terminal()
    Screen(("web", "calls"), plain).line("web", "here")
    Screen(("web", "calls"), colored).line("web", "here")
    assert plain.getvalue() == "web   | here\n"
    assert colored.getvalue() == "\033[36mweb   |\033[0m here\n"


def test_a_closed_screen_does_not_stop_the_studio() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stream:
        screen = Screen(("web",), stream)
        os.close(reader)
        screen.line("web", "nobody hears this")
        screen.line("web", "nor this")
