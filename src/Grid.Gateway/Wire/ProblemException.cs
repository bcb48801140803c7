namespace Grid.Gateway.Wire;

/// <summary>
/// Thrown for a request that must get a problem as its response. For rare cases only: validation errors are returned, not thrown.
/// </summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
