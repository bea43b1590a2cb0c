"""Runs parts of the page in node, bundled from their TypeScript as the page itself is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

VIEWER = Path(__file__).parents[1] / "participation" / "viewer"


def run(script: str, *arguments: Path) -> Any:
    """What viewer/test/SCRIPT.ts prints as JSON."""
    bundle = arguments[0].parent / f"{script}.mjs"
    esbuild = VIEWER / "node_modules" / ".bin" / "esbuild"
    source = VIEWER / "test" / f"{script}.ts"
    subprocess.run(
        [esbuild, source, "--bundle", "--platform=node", "--format=esm", "--log-level=error", f"--outfile={bundle}"], check=True, timeout=60
    )
    done = subprocess.run(["node", bundle, *arguments], check=True, capture_output=True, text=True, timeout=300)
    return json.loads(done.stdout)
