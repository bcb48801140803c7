using Grid.Testing;

namespace Grid.Client.Tests;

/// <summary>Compares text with a committed file, and says how a change is accepted.</summary>
internal static class Approved
{
    public static void Is(string name, string text)
    {
        var approved = Path.Combine(Repository.Root, "tests", "Grid.Client.Tests", "Approved", name);
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        if (expected == text)
        {
            return;
        }

        var received = Path.Combine(AppContext.BaseDirectory, name);
        File.WriteAllText(received, text);
        Assert.Fail($"The text differs from {approved}. If the change is meant: mv '{received}' '{approved}'\n{text}");
    }
}
