"""What all tests share: generated examples are never timed, a busy machine is not a failure."""

from hypothesis import HealthCheck, settings

settings.register_profile("huitian", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("huitian")
