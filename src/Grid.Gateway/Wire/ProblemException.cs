namespace Grid.Gateway.Wire;

/// <summary>Raised where a request is found to be one that only a problem answers. For what is rare: a fault in the input itself is told without raising.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
