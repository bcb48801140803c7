using Microsoft.Extensions.Logging;

namespace Grid.Gateway;

/// <summary>Every log event of the gateway. A released id keeps its meaning, because runbooks refer to it.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(3001, LogLevel.Error, "A request to {Path} failed by a fault of ours")]
    public static partial void Failed(ILogger logger, string path, Exception raised);

    [LoggerMessage(3002, LogLevel.Warning, "The gateway is open to every caller that reaches {Address}: no keys are configured and Grid:Gateway:AllowOpenNetwork is set")]
    public static partial void OpenToTheNetwork(ILogger logger, string address);
}
