using System.Collections.Concurrent;
using System.Diagnostics;
using Grid.Testing;

namespace Grid.Infra.Tests.Manifests;

/// <summary>The overlays as <c>kubectl kustomize</c> renders them. A test is skipped where there is no kubectl.</summary>
internal static class Rendered
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Texts = new(StringComparer.Ordinal);
    private static readonly Lazy<string?> Kubectl = new(() => Programs.Find("kubectl"));

    /// <summary>The name of every overlay there is.</summary>
    public static TheoryData<string> Overlays =>
        [.. Directory.EnumerateDirectories(Path.Combine(Folder, "overlays")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public static string Folder => Path.Combine(Repository.Root, "infra", "kubernetes");

    public static Overlay Read(string overlay) => Overlay.Parse(Text(overlay));

    public static string Text(string overlay)
    {
        Assert.SkipWhen(Kubectl.Value is null, "There is no kubectl on the PATH, which renders the overlays.");
        return Texts.GetOrAdd(overlay, name => new(() => Render(name))).Value;
    }

    private static string Render(string overlay)
    {
        var (code, output, errors) = Programs.Run(Kubectl.Value!, "kustomize", Path.Combine(Folder, "overlays", overlay));
        Assert.True(code == 0, errors);
        Assert.Equal("", errors); // kustomize warns of what it will not render in its next version
        return output;
    }
}

/// <summary>Programs of the machine that tests ask.</summary>
internal static class Programs
{
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static (int Code, string Output, string Errors) Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
