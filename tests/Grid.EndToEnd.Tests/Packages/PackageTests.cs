using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using Grid.Testing;

namespace Grid.EndToEnd.Tests.Packages;

/// <summary>What a user of the packages gets: what they say of themselves, and a program that takes them from a feed.</summary>
public sealed class PackageTests(PackageFeed feed) : IClassFixture<PackageFeed>
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Fact]
    public void Every_package_has_a_readme_a_licence_and_symbols()
    {
        foreach (var name in PackageFeed.Names)
        {
            using var package = ZipFile.OpenRead(Directory.EnumerateFiles(feed.Path, $"{name}.0.*.nupkg").Single());
            var nuspec = TextOf(package, $"{name}.nuspec");

            Assert.Contains("<license type=\"expression\">MIT</license>", nuspec, StringComparison.Ordinal);
            Assert.Contains("<readme>README.md</readme>", nuspec, StringComparison.Ordinal);
            Assert.DoesNotContain("<description>Package Description</description>", nuspec, StringComparison.Ordinal);
            Assert.StartsWith($"# {name}\n", TextOf(package, "README.md"), StringComparison.Ordinal);
            Assert.Contains(package.Entries, entry => entry.FullName == $"lib/net10.0/{name}.xml");

            using var symbols = ZipFile.OpenRead(Directory.EnumerateFiles(feed.Path, $"{name}.0.*.snupkg").Single());
            Assert.Contains(symbols.Entries, entry => entry.FullName == $"lib/net10.0/{name}.pdb");
        }
    }

    [Fact]
    public async Task A_program_restores_the_packages_from_a_folder_and_decides()
    {
        using var folder = new TemporaryFolder();
        await WriteProgramAsync(folder.Path);

        await PackageFeed.RunAsync(folder.Path, "build", "-c", "Release", "-v", "quiet", "--nologo");
        var said = await PackageFeed.RunAsync(folder.Path, Path.Combine("bin", "Release", "net10.0", "Shop.dll"), Repository.Bundle("fraud"), Path.Combine(folder.Path, "data"));

        Assert.All(PackageFeed.Names, name => Assert.True(Directory.Exists(Path.Combine(folder.Path, "packages", name.ToLowerInvariant())), name));
        Assert.Contains("approve 4242 1", said, StringComparison.Ordinal);
        Assert.Contains("ICardGrain IEntityGrain", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Symbols_of_a_clone_of_a_hosted_repository_say_where_its_sources_are()
    {
        using var folder = new TemporaryFolder();
        var room = Directory.CreateDirectory(Path.Combine(folder.Path, "src", "Grid")).FullName;
        foreach (var file in Directory.EnumerateFiles(Repository.Root).Where(file => Path.GetFileName(file) is var name
            && (name.StartsWith("Directory.", StringComparison.Ordinal) || name is ".editorconfig" or "BannedSymbols.txt")))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Grid"), "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")))
        {
            var copy = Path.Combine(folder.Path, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await GitAsync(folder.Path, "init", "-q");
        await GitAsync(folder.Path, "remote", "add", "origin", "https://github.com/example/grid.git");
        await GitAsync(folder.Path, "add", ".");
        await GitAsync(folder.Path, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "all");
        await PackageFeed.RunAsync(room, "build", "-c", "Release", "-v", "quiet", "--nologo", "-p:RunAnalyzers=false");

        using var pdb = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.Combine(room, "bin", "Release", "net10.0", "Grid.pdb")));
        var reader = pdb.GetMetadataReader();
        var links = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation).Where(info => reader.GetGuid(info.Kind) == SourceLink)
            .Select(info => Encoding.UTF8.GetString(reader.GetBlobBytes(info.Value))).ToList();
        Assert.Contains("https://raw.githubusercontent.com/example/grid/", Assert.Single(links), StringComparison.Ordinal);
    }

    private async Task WriteProgramAsync(string folder)
    {
        // Dependencies that this machine has are not fetched again; the product's own packages come from the feed alone.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(folder, "Shop.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreFallbackFolders>{cache}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{feed.Path}</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <PackageReference Include="Grid.Client" Version="0.1.0" />
                <PackageReference Include="Grid.Engine" Version="0.1.0" />
                <PackageReference Include="Grid.Gateway" Version="0.1.0" />
                <PackageReference Include="Grid.Orleans" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), """
            using Grid;
            using Grid.Decisions.Definitions;
            using Grid.Engine;
            using Grid.Orleans;

            await using var grid = EmbeddedGrid.Open(BundleReader.Read(args[0]), new() { Folder = args[1] }, TimeProvider.System);
            var decision = await grid.Entity<ICard>("4242").AuthorizeAsync(new("t-1", At: null, Terminal: "77", Amount: 12.50m), CancellationToken.None);
            var count = decision.Features.Single(feature => feature.Name == "card.tx_count_1d").Value;
            Console.WriteLine($"{decision.Action} {decision.Owner.Key} {count}");
            Console.WriteLine($"{nameof(ICardGrain)} {typeof(ICardGrain).GetInterface(nameof(IEntityGrain))!.Name}");
            """);
    }

    private static async Task GitAsync(string folder, params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
        await git.WaitForExitAsync(TestContext.Current.CancellationToken).InTime();
        Assert.Equal(0, git.ExitCode);
    }

    private static string TextOf(ZipArchive package, string name)
    {
        using var reader = new StreamReader(package.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
