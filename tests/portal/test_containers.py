"""The container files and the systemd units: their own rules, and the same steps as the set-up that is tested.

No container engine looks at them here, so these rules take the place of one.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "docs" / "deploy"
KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "VOLUME", "HEALTHCHECK", "CMD"}
EXACT_TAG = re.compile(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]*bookworm")


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile in one line."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(line.split()[0], line.partition(" ")[2]) for line in joined.splitlines() if line.strip()]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    starts = [index for index, (word, _rest) in enumerate(found) if word == "FROM"]
    assert len(starts) == 2
    return found[starts[-1] :]


def of(word: str, lines: list[tuple[str, str]]) -> list[str]:
    return [rest for name, rest in lines if name == word]


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def test_dockerfile_is_written_in_known_words() -> None:
    assert {word for word, _rest in instructions()} <= KNOWN


def test_image_is_pinned_the_same_in_both_stages_and_speaks_python_as_we_test() -> None:
    bases = {rest.split()[0] for rest in of("FROM", instructions())}
    assert len(bases) == 1
    assert EXACT_TAG.fullmatch(bases.pop())


def test_last_stage_brings_no_tools_and_no_rights() -> None:
    lines = last_stage()
    (copied,) = of("COPY", lines)
    assert copied == "--from=build --chown=root:root /app /app"
    runs = " ".join(of("RUN", lines))
    assert not re.search(r"\b(gcc|make|build-essential|python3-dev|libpq-dev|git|curl)\b", runs)
    assert "pip install" not in runs and "pip uninstall" in runs
    assert runs.count("apt-get install") == runs.count("--no-install-recommends") == 1
    assert "rm -rf /var/lib/apt/lists/*" in runs
    assert of("USER", lines) == ["10001"]
    # Nothing needs root after that, and nothing but var is the portal's own.
    assert [word for word, _rest in lines[[word for word, _ in lines].index("USER") :]] == [
        "USER", "ENV", "EXPOSE", "VOLUME", "HEALTHCHECK", "CMD",
    ]  # fmt: skip
    assert re.findall(r"chown \S+ (\S+)", runs) == ["/app/var"]


def test_no_secret_and_no_test_gets_into_the_image() -> None:
    left_out = set((ROOT / ".dockerignore").read_text().split())
    assert {".git", ".env", "portal.env", "enquiry.keys", "tls", "var", "tests", "node_modules"} <= left_out
    assert not re.search(r"(?i)(password|secret_key|_key=)", (ROOT / "Dockerfile").read_text())


def test_same_commands_as_the_units() -> None:
    (start,) = of("CMD", last_stage())
    shell, option, command = json.loads(start)
    check, _, server = command.partition(" && exec ")
    service = unit("portal.service")
    assert (shell, option) == ("sh", "-c")
    assert service["ExecStartPre"] == [f"/opt/portal/.venv/bin/{check}"]
    assert service["ExecStart"] == [f"/opt/portal/.venv/bin/{server}"]
    jobs = " ".join(compose()["services"]["jobs"]["command"])
    assert unit("portal-jobs.service")["ExecStart"] == [f"/opt/portal/.venv/bin/{jobs}"]
    # And as `make production-check` starts it.
    tested = (ROOT / "tools" / "production" / "setup.py").read_text()
    assert server.split()[2] in tested and server.split()[-1] in tested


def test_health_check_asks_the_process_only() -> None:
    (check,) = of("HEALTHCHECK", last_stage())
    program, option, code = json.loads(check.partition("CMD ")[2])
    assert (program, option) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/health/live" in code


def test_every_service_is_limited_watched_and_may_not_gain_rights() -> None:
    services = compose()["services"]
    assert set(services) == {"database", "app", "jobs", "web"}
    for name, service in services.items():
        limits = service["deploy"]["resources"]["limits"]
        assert {"memory", "cpus", "pids"} <= set(limits), name
        assert service["restart"] == "unless-stopped", name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"]["max-size"], name
        # The app's own check stands in the image.
        assert name == "app" or "test" in service["healthcheck"], name
    assert {name for name, service in services.items() if service.get("read_only")} == {"app", "jobs", "web"}
    for name in ("app", "jobs"):
        assert services[name]["cap_drop"] == ["ALL"]
    assert {name for name, service in services.items() if "ports" in service} == {"web"}
    assert services["database"]["network_mode"] == "none"
    for name in ("database", "web"):
        assert EXACT_TAG.fullmatch(services[name]["image"]), name


def test_compose_names_only_what_is_there() -> None:
    text = compose()
    for service in text["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./docs"):
                assert (ROOT / source).is_file()
            elif not source.startswith("."):
                assert source in text["volumes"]
        assert set(service.get("networks", [])) <= set(text["networks"])
        assert set(service.get("depends_on", {})) <= set(text["services"])
    documented = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert set(text["x-portal"]["environment"]) <= documented
    # The one place where the file of the tested set-up is changed: it must still be there.
    assert "127.0.0.1:8000" in (DEPLOY / "nginx.conf").read_text()


@pytest.mark.parametrize("name", ["portal.service", "portal-jobs.service"])
def test_units_shut_in_what_runs(name: str) -> None:
    found = unit(name)
    wanted = {
        "User": "portal", "NoNewPrivileges": "true", "CapabilityBoundingSet": "", "ProtectSystem": "strict",
        "ProtectHome": "true", "PrivateTmp": "true", "PrivateDevices": "true", "RestrictNamespaces": "true",
        "ProtectKernelModules": "true", "LockPersonality": "true", "SystemCallArchitectures": "native", "UMask": "0077",
    }  # fmt: skip
    assert {key: found.get(key) for key in wanted} == {key: [value] for key, value in wanted.items()}
    assert found["SystemCallFilter"] == ["@system-service", "~@privileged @resources"]
    command = found["ExecStart"][0].split()
    assert "manage.py" not in command or command[command.index("manage.py") + 1] in get_commands()
