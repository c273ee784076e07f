"""How unlikely a count is after what was counted before: the tail of the Gamma-Poisson predictive distribution.

A day's count is taken as Poisson with an unknown rate. What was counted in ``n_windows`` windows like this one gives
the rate its Gamma distribution (Jeffreys prior, shape 1/2), and the next count is then negative binomial. With few
windows the tail is heavy, so little history makes little news; no count before does not make one count a sensation.
Source: the conjugate analysis of Poisson counts, e.g. Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6.
"""

import math

PRIOR_SHAPE = 0.5
NEGLIGIBLE = 1e-12
MOST_TERMS = 200_000


def chance_of(count: int, n_before: float, n_windows: float) -> tuple[float, bool]:
    """Return the chance of a count at least as far from the usual, on its side, and whether it is above.

    Args:
        count: What was counted now.
        n_before: What was counted in all windows before.
        n_windows: How many windows that were, above 0.
    """
    shape, usual = n_before + PRIOR_SHAPE, n_before / n_windows
    is_above = count >= usual
    terms = upwards(count, shape, n_windows) if is_above else downwards(count, shape, n_windows)
    return min(terms, 1.0), is_above


def log_pmf(count: int, shape: float, n_windows: float) -> float:  # no unit: of a Gamma distribution
    """Return the logarithm of the chance of exactly this count."""
    return (
        math.lgamma(shape + count) - math.lgamma(shape) - math.lgamma(count + 1)
        + shape * math.log(n_windows / (n_windows + 1)) - count * math.log(n_windows + 1)
    )  # fmt: skip


def upwards(count: int, shape: float, n_windows: float) -> float:  # no unit: of a Gamma distribution
    """Return the chance of this count or more; summed away from it, so that small chances stay exact."""
    term, total = math.exp(log_pmf(count, shape, n_windows)), 0.0
    for n in range(count, count + MOST_TERMS):
        total += term
        ratio = (n + shape) / (n + 1) / (n_windows + 1)
        if ratio < 1 and term * ratio / (1 - ratio) < NEGLIGIBLE * total:
            break
        term *= ratio
    return total


def downwards(count: int, shape: float, n_windows: float) -> float:  # no unit: of a Gamma distribution
    """Return the chance of this count or fewer."""
    return math.fsum(math.exp(log_pmf(n, shape, n_windows)) for n in range(count + 1))
