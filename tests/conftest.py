"""What every test may use: the people, the provider, the servers, and the rules of a run."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester", "tests.fixtures", "tests.plugins", "tests.strict"]

# What an example takes says how busy the machine is, not whether it is right.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
