"""Runs parts of the page, and visitors of it, in node: bundled from their TypeScript as the page itself is."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

VIEWER = Path(__file__).parents[1] / "participation" / "viewer"


def run(script: str, *arguments: Path | str, **environment: str) -> Any:
    """What viewer/test/SCRIPT.ts prints as JSON."""
    bundle = VIEWER / "node_modules" / ".cache" / f"{script}-{os.getpid()}.mjs"  # beside the packages it imports
    esbuild = [
        VIEWER / "node_modules" / ".bin" / "esbuild",
        VIEWER / "test" / f"{script}.ts",
        "--bundle",
        "--platform=node",
        "--format=esm",
    ]
    subprocess.run([*esbuild, "--log-level=error", "--external:playwright-core", f"--outfile={bundle}"], check=True, timeout=60)
    try:
        done = subprocess.run(
            ["node", bundle, *arguments], capture_output=True, text=True, timeout=300, cwd=VIEWER, env={**os.environ, **environment}
        )
    finally:
        bundle.unlink()
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
