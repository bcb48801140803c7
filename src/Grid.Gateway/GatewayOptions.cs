using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Grid.Gateway;

/// <summary>Settings of the HTTP gateway, read once at start; section <c>Grid:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Grid:Gateway";

    /// <summary>
    /// The longest body of a decision, a ranking or one event, in bytes and after decompression; a longer one is answered with 413. Where it
    /// is null, the limit is 64 KiB, and for a ranking as much more as the candidates that the bundle allows may need.
    /// </summary>
    /// <value>The default is null.</value>
    [Range(256, 16 << 20)]
    public int? MaxBodyBytes { get; set; }

    /// <summary>The longest line of an NDJSON stream, in bytes; a longer line is rejected and the stream goes on.</summary>
    /// <value>The default is 64 KiB.</value>
    [Range(256, 512 << 10)]
    public int MaxLineBytes { get; set; } = 64 << 10;

    /// <summary>The longest NDJSON stream, in bytes, as it is sent and after decompression.</summary>
    /// <value>The default is 1 GiB.</value>
    [Range(1 << 10, 1L << 40)]
    public long MaxStreamBytes { get; set; } = 1L << 30;

    /// <summary>How many events of one stream may wait for the grid's receipt at a time.</summary>
    /// <value>The default is 1,024.</value>
    [Range(1, 1 << 16)]
    public int PipelinedEvents { get; set; } = 1_024;

    /// <summary>How many rejections of one stream are told one by one; all of them are counted.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 1 << 20)]
    public int MaxRejectionsTold { get; set; } = 1_000;

    /// <summary>How long a call may wait for the grid before it is answered with 504.</summary>
    /// <value>The default is ten seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What <c>Retry-After</c> says where the grid is unavailable; told in whole seconds, rounded up.</summary>
    /// <value>The default is one second.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many of the newest decisions the dashboard can show.</summary>
    /// <value>The default is 256.</value>
    [Range(16, 1 << 16)]
    public int RecentDecisions { get; set; } = 256;

    /// <summary>
    /// Instruments of libraries that <c>/metrics</c> tells beside the grid's own and the .NET runtime's, by their names, such as
    /// <c>orleans-catalog-activations</c>. Only those named are listened to: each costs its library a little wherever it measures.
    /// </summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Instruments { get; set; } = [];

    /// <summary>
    /// Keys that callers present as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>. With none, everyone who reaches the address is let
    /// in, and the gateway then starts on loopback addresses only.
    /// </summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> ApiKeys { get; set; } = [];

    /// <summary>
    /// Keys of administrators, presented as <see cref="ApiKeys"/> are, or by a browser as the password of HTTP Basic authentication. They
    /// open what <see cref="ApiKeys"/> open, reloads of models, and the pages under <c>/admin</c>.
    /// </summary>
    /// <value>The default is none: nobody is an administrator.</value>
    public IReadOnlyList<string> AdminKeys { get; set; } = [];

    /// <summary>Lets the gateway start without keys on an address that other machines reach, as behind a proxy that checks callers itself.</summary>
    /// <value>The default is false.</value>
    public bool AllowOpenNetwork { get; set; }

    internal const int DefaultBodyBytes = 64 << 10;

    /// <summary>The longest body of a decision or of one event.</summary>
    internal int BodyLimit => MaxBodyBytes ?? DefaultBodyBytes;
}

[OptionsValidator]
internal sealed partial class GatewayOptionsRanges : IValidateOptions<GatewayOptions>;

/// <summary>What ranges cannot say of the settings.</summary>
internal sealed class GatewayOptionsRules : IValidateOptions<GatewayOptions>
{
    public const int ShortestKey = 16;

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = new List<string>();
        faults.AddRange(Short(options.ApiKeys, nameof(GatewayOptions.ApiKeys)));
        faults.AddRange(Short(options.AdminKeys, nameof(GatewayOptions.AdminKeys)));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // The keys themselves are not told: faults end in logs.
    private static IEnumerable<string> Short(IReadOnlyList<string> keys, string name) =>
        keys.Index().Where(key => key.Item.Length < ShortestKey)
            .Select(key =>
                $"{GatewayOptions.Section}:{name}:{key.Index} has {key.Item.Length} characters; expected at least {ShortestKey}.");
}
