"""What a run of the probes gives, for whoever shows it; loaded after the first paint."""

from __future__ import annotations

from fieldtech.diagnostics.document import capped
from fieldtech.diagnostics.results import ProbeResult, Reading, Report, Verdict

__all__ = ["ProbeResult", "Reading", "Report", "Verdict", "capped"]
