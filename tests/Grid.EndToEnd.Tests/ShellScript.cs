namespace Grid.EndToEnd.Tests;

/// <summary>Writes a script that a shell can start by its name.</summary>
internal static class ShellScript
{
    public static void Write(string path, string text)
    {
        File.WriteAllText(path, text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
