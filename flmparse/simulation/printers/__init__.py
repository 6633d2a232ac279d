"""What each command prints, from the facts of the model: one module for a family of outputs.

A printer returns the lines of an output without prompt and command. It knows no rule and shares nothing with the screens that
read it. Layouts are those of the white paper's figures and of fixtures/commands.
"""
