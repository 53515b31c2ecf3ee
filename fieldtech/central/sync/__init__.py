"""Hello, push and pull: commands come up, state goes down."""
