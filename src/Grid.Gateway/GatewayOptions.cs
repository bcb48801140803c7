using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Grid.Gateway;

/// <summary>Settings of the HTTP gateway, read once at start-up; section <c>Grid:Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Grid:Gateway";

    /// <summary>
    /// The maximum body of a decision, a ranking or one event, in bytes and after decompression; a longer body gets status 413. If null,
    /// the limit is 64 KiB, plus, for a ranking, the size of the maximum number of candidates that the bundle allows.
    /// </summary>
    /// <value>The default is null.</value>
    [Range(256, 16 << 20)]
    public int? MaxBodyBytes { get; set; }

    /// <summary>The maximum line of an NDJSON stream, in bytes; a longer line is rejected and the stream continues.</summary>
    /// <value>The default is 64 KiB.</value>
    [Range(256, 512 << 10)]
    public int MaxLineBytes { get; set; } = 64 << 10;

    /// <summary>The maximum NDJSON stream, in bytes; applies to the body both before and after decompression.</summary>
    /// <value>The default is 1 GiB.</value>
    [Range(1 << 10, 1L << 40)]
    public long MaxStreamBytes { get; set; } = 1L << 30;

    /// <summary>The maximum number of events of one stream that await their receipts at a time.</summary>
    /// <value>The default is 1,024.</value>
    [Range(1, 1 << 16)]
    public int PipelinedEvents { get; set; } = 1_024;

    /// <summary>The maximum number of rejections of one stream that are listed in the response; all of them are counted.</summary>
    /// <value>The default is 1,000.</value>
    [Range(1, 1 << 20)]
    public int MaxRejectionsTold { get; set; } = 1_000;

    /// <summary>The maximum time that a call waits for the grid; then it gets status 504.</summary>
    /// <value>The default is ten seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The <c>Retry-After</c> header when the grid is unavailable; rounded up to whole seconds.</summary>
    /// <value>The default is one second.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The number of recent decisions kept for the dashboard.</summary>
    /// <value>The default is 256.</value>
    [Range(16, 1 << 16)]
    public int RecentDecisions { get; set; } = 256;

    /// <summary>
    /// Names of instruments of libraries to include in <c>/metrics</c> beside those of the grid and the .NET runtime, such as
    /// <c>orleans-catalog-activations</c>. Only these are collected, because each costs its library some time at every measurement.
    /// </summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> Instruments { get; set; } = [];

    /// <summary>
    /// Keys that callers send as <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>. If there are none, every caller is admitted,
    /// and the gateway starts on loopback addresses only (see <see cref="AllowOpenNetwork"/>).
    /// </summary>
    /// <value>The default is none.</value>
    public IReadOnlyList<string> ApiKeys { get; set; } = [];

    /// <summary>
    /// Keys of administrators, sent like <see cref="ApiKeys"/>, or by a browser as the password of HTTP Basic authentication. They admit to
    /// everything that <see cref="ApiKeys"/> admit to, to model reloads, and to the pages under <c>/admin</c>.
    /// </summary>
    /// <value>The default is none: there are no administrators.</value>
    public IReadOnlyList<string> AdminKeys { get; set; } = [];

    /// <summary>
    /// Allows the gateway to start without keys on an address that other machines can reach, for instance behind a proxy that authenticates
    /// callers.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowOpenNetwork { get; set; }

    internal const int DefaultBodyBytes = 64 << 10;

    /// <summary>The maximum body of a decision or of one event, in bytes.</summary>
    internal int BodyLimit => MaxBodyBytes ?? DefaultBodyBytes;
}

[OptionsValidator]
internal sealed partial class GatewayOptionsRanges : IValidateOptions<GatewayOptions>;

/// <summary>Validates what <see cref="RangeAttribute"/> cannot express.</summary>
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

    // The message omits the keys themselves, because it ends up in logs.
    private static IEnumerable<string> Short(IReadOnlyList<string> keys, string name) =>
        keys.Index().Where(key => key.Item.Length < ShortestKey)
            .Select(key =>
                $"{GatewayOptions.Section}:{name}:{key.Index} has {key.Item.Length} characters; expected at least {ShortestKey}.");
}
