"""How fast flmparse is beside what people use instead; `make bench` (docs/performance.md). No part of the wheel."""
