"""What every test may use: the people, the provider, the servers, and the rules of a run."""

pytest_plugins = ["pytester", "tests.fixtures", "tests.plugins", "tests.strict"]
