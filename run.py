#!/usr/bin/env python3
"""Sets up what quizapp needs and runs it; owns the folder .venv and uses the standard library alone.

python3 run.py [--host H] [--port P]     serve the quiz
python3 run.py test [pytest options]     every check and test
python3 run.py bench NAME [--json]       one of the benchmarks; names with --help
python3 run.py screenshots               pictures of the main pages
python3 run.py COMMAND ...                   any other command of quizapp: check, recommend, doctor, ...
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)

# What each mode installs. The files agree on every version, so that modes share one folder.
MODES = {"serve": ("serve",), "test": ("serve", "test"), "bench": ("serve", "bench")}

CHECKS = (
    ("style", ["-m", "ruff", "check", "."]),
    ("layout", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    ("templates", ["-m", "djlint", "--quiet", "--lint", "quizapp/web/templates"]),
    ("banks", ["-m", "quizapp", "check"]),
    ("cases", ["-m", "quizapp", "cases"]),
)


def main(arguments):
    """Runs what the arguments ask for and returns its exit code."""
    if sys.version_info < OLDEST:
        return complain("quizapp needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])
    if arguments and arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    command, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    if command == "test":
        return test(rest)
    if command == "bench":
        return start("bench", [str(ROOT / "benchmarks"), *rest])
    if command == "screenshots":
        return start("test", [str(ROOT / "tests" / "screenshots.py"), *rest])
    if command.startswith("-"):
        command, rest = "serve", arguments
    return start("serve", ["-m", "quizapp", command, *rest])


def test(options):
    """Runs every check, then pytest, whose line comes last; with options of pytest's only pytest."""
    set_up("test")
    failed = [] if options else [name for name, check in CHECKS if not passes(name, check)]
    if failed:
        complain("failed, see above: " + ", ".join(failed))
    print("== tests", flush=True)
    code = python(["-m", "pytest", *(options or shared_among_cores())])
    return code or int(bool(failed))


def passes(name, check):
    """Whether a check passes; prints its name, and what it says."""
    print("==", name, flush=True)
    return python(check) == 0


def python(command):
    """The exit code of the set-up Python, run in the checkout's folder."""
    return subprocess.run([str(PYTHON), "-P", *command], cwd=str(ROOT)).returncode


def shared_among_cores():
    """Options that let pytest use every core."""
    return ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadgroup"]


def start(mode, command):
    """Becomes Python with the mode's packages, so that signals and exit code pass straight through."""
    set_up(mode)
    command = [str(PYTHON), "-P", *command]
    if os.name == "nt":
        return subprocess.run(command).returncode
    sys.stdout.flush()
    return os.execv(command[0], command)


def set_up(mode):
    """Leaves .venv holding exactly the pinned packages of the mode, or the ones of more modes."""
    wanted = [name for name in MODES[mode] if not is_stamped(name)]
    if not wanted:
        return
    with one_at_a_time():
        wanted = [name for name in MODES[mode] if not is_stamped(name)]
        if wanted:
            print("Setting up %s in %s, about a minute." % (mode, VENV), file=sys.stderr, flush=True)
            install([ROOT / "requirements" / (name + ".txt") for name in wanted])
            add_quizapp()
            if mode == "serve":
                # Reading the banks takes a few seconds; done here, the quiz starts at once.
                run([str(PYTHON), "-P", "-m", "quizapp", "bank", "publish"], quiet=True)
            for name in wanted:
                (VENV / ("." + name + ".stamp")).write_text(stamp(name))


def stamp(name):
    """What the packages of a mode depend on: the pins, the Python, the place."""
    pins = (ROOT / "requirements" / (name + ".txt")).read_bytes()
    return "%d.%d %s %s" % (*sys.version_info[:2], hashlib.sha256(pins).hexdigest(), VENV)


def is_stamped(name):
    """Whether the packages of a mode were installed whole, for this Python and these pins."""
    path = VENV / ("." + name + ".stamp")
    return PYTHON.exists() and path.exists() and path.read_text() == stamp(name)


class one_at_a_time:
    """Two commands started at once set up one after the other."""

    def __enter__(self):
        self.file = open(ROOT / ".venv.lock", "w")
        if os.name != "nt":
            import fcntl

            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *error):
        self.file.close()


def install(files):
    """Installs pinned files with uv where it is there and works, else with venv and pip."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    pinned = [*quiet, "--require-hashes", *(part for file in files for part in ("-r", str(file)))]
    uv = shutil.which("uv")
    if uv:
        made = is_usable() or run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
        if made and run([uv, "pip", "install", "--compile-bytecode", "--python", str(PYTHON), *pinned]):
            return
        print("uv did not manage; trying pip.", file=sys.stderr, flush=True)
    if (
        not (is_usable() and run([str(PYTHON), "-m", "pip", "--version"], quiet=True))
        and not make_with_venv()
    ):
        sys.exit(complain("Python's venv does not work here. On Debian: apt-get install python3-venv"))
    if not run([str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *pinned]):
        sys.exit(complain("the packages could not be installed; what pip says is above."))


def add_quizapp():
    """Makes this checkout importable in .venv, and its command .venv/bin/quizapp."""
    inside = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([str(PYTHON), "-c", inside], stdout=subprocess.PIPE, check=True).stdout
    (Path(os.fsdecode(packages.strip())) / "quizapp-checkout.pth").write_text(
        str(ROOT) + "\n", encoding="utf-8"
    )
    if os.name != "nt":
        script = BIN / "quizapp"
        # Not "#!python": such a line may hold neither a space nor more than 127 characters.
        command = "from quizapp.cli.main import main; main()"
        script.write_text('#!/bin/sh\nexec "%s" -P -c "%s" "$@"\n' % (PYTHON, command))
        script.chmod(0o755)


def is_usable():
    """Whether .venv is there, and made for the Python that runs this."""
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    if not PYTHON.exists():
        return False
    found = subprocess.run([str(PYTHON), "-c", asked], stdout=subprocess.PIPE, universal_newlines=True)
    return found.stdout.strip() == "%d.%d" % sys.version_info[:2]


def make_with_venv():
    """Makes .venv anew with the standard library; False where Debian left that part out."""
    return run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def run(command, quiet=False):
    """Whether a command succeeds."""
    hidden = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, stdout=hidden, stderr=hidden).returncode == 0


def complain(what):
    """Prints a complaint and returns the exit code that goes with it."""
    print("run.py: " + what, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
