"""F13: the database is migrated while the code before it serves; that code goes on, and the step can be undone.

python tests/faults/migrate_live.py [--db sqlite|pg]
The code before is that of the commit in front of the newest migration.
"""

import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
from tests.faults.stage import ROOT, amount, parser, say, set_up, skip

STAGE = set_up()

from tests.faults.crowd import Crowd
from tests.faults.records import readers, verdict
from tests.faults.server import Server
from tools.production.setup import environment

OLD = STAGE.folder / "old"
PAGES = ("/", "/angebote/", "/anlaufstellen/", "/zustaendigkeit/", "/admin/login/")
MIGRATIONS = "*/migrations/0*.py"
SENDING = "counseling/actions/enquiries.py"


def git(*arguments: str) -> str:
    """Ask the history; "" when there is none."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def old_code() -> str:
    """Lay the code before the newest migration into a folder; return its commit."""
    commit = git("log", "--diff-filter=A", "-1", "--format=%H^", "--", MIGRATIONS)
    if not commit or not git("rev-parse", "--verify", commit):
        skip("F13", "no history here: the code before the newest migration is not known", must_work=False)
    if not git("ls-tree", commit, "--", SENDING):
        skip("F13", "the code before the newest migration could not take enquiries yet", must_work=False)
    OLD.mkdir()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", OLD], input=packed.stdout, check=True)
    return git("rev-parse", "--short", commit)


def newest(root: Path) -> dict[str, str]:
    """Return the last migration of each app."""
    return {path.parent.parent.name: path.stem for path in sorted(root.glob(MIGRATIONS))}


def manage(*arguments: str) -> None:
    """Run a command of the new code."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(0),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stderr[-1500:]}")


def serve(root: Path, agencies: list[str], *, meanwhile: tuple[str, ...] = ()) -> tuple[dict[str, str], list[str]]:
    """Let people send to the code in a folder, run a command meanwhile; return what they were promised, and what was wrong."""
    with Server(root=root) as server, Crowd(server.port, agencies, people=4).at_work() as crowd:
        wrong = [] if crowd.wait_for(10, seconds=90) else [f"nothing is stored by {root.name}"]
        if meanwhile:
            manage(*meanwhile)
            wrong += [] if crowd.wait_for(10, seconds=90) else ["nothing is stored afterwards"]
        wrong += [f"{path}: {status}" for path in PAGES if (status := server.ask(path)[0]) != 200]
    return crowd.acknowledged, wrong + crowd.wrong


def main() -> int:
    """Back to the old schema, old code at work, migrate, old code goes on, new code takes over."""
    parser(__doc__).parse_args()
    commit, agencies = old_code(), readers()
    before, after = newest(OLD), newest(ROOT)
    steps = {app: name for app, name in before.items() if after[app] != name}
    for app, name in steps.items():
        manage("migrate", app, name, "--verbosity=0")
    promised, wrong = serve(OLD, agencies, meanwhile=("migrate", "--verbosity=0"))
    again, problems = serve(ROOT, agencies)
    promised, wrong = promised | again, wrong + problems
    found = verdict(promised)
    text = f"{STAGE.name}: code of {commit} before, while and after {sum(after[app] != name for app, name in before.items())} apps were migrated"
    text += f" ({', '.join(f'{app} {after[app][:4]}' for app in steps)}), then today's: {amount(len(promised))} acknowledged"
    text += f", {found.lost} lost, {found.double} double, {found.half} half, undone and done again"
    text += "".join(f"; {problem}" for problem in sorted(set(wrong))[:4])
    return 0 if say("F13", text, ok=found.holds and not wrong and bool(steps)) else 1


if __name__ == "__main__":
    sys.exit(main())
