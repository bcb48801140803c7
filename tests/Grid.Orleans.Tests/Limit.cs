namespace Grid.Orleans.Tests;

/// <summary>
/// The one limit of everything that a test waits for: far beyond what any run needs, so that it ends only a run that hangs and no verdict
/// depends on it.
/// </summary>
internal static class Limit
{
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(5);

    public static Task Of(Task task) => task.WaitAsync(Time, TimeProvider.System, TestContext.Current.CancellationToken);

    public static Task<T> Of<T>(Task<T> task) => task.WaitAsync(Time, TimeProvider.System, TestContext.Current.CancellationToken);
}
