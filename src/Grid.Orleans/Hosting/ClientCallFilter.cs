namespace Grid.Orleans;

/// <summary>
/// Refuses calls of clients to the grid's internal grains: deliveries, reads for another entity's turn, stored files and labels' books belong to silos.
/// Grains, and the code of a silo that is no grain, pass.
/// </summary>
internal sealed class ClientCallFilter : IIncomingGrainCallFilter
{
    // What is internal and still serves clients: OrleansGrid calls it on their behalf.
    private static readonly HashSet<Type> ForClients = [typeof(IGridGrain), typeof(ILabelGrain)];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var called = context.InterfaceMethod.DeclaringType!;
        return context.SourceId is { } source && source.IsClient() && !IsOfSilo(source) && IsInternal(called)
            ? throw new UnauthorizedAccessException($"{called.Name}.{context.MethodName} is internal to the grid's silos; clients call the entity's interface, such as {nameof(ICardGrain)}.")
            : context.Invoke();
    }

    private static bool IsInternal(Type called) => !called.IsVisible && called.Assembly == typeof(ClientCallFilter).Assembly && !ForClients.Contains(called);

    // A silo's own client, through which its background services call, carries the silo's address behind this prefix.
    private static bool IsOfSilo(GrainId source) => source.Key.AsSpan().StartsWith("hosted-"u8);
}
