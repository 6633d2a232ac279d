"""The reading machine: how a card of `flmparse.screens` and its grammar turn an output into rows and a ledger of its lines."""
