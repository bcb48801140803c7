using System.Text.RegularExpressions;
using Grid.Infra.Tests.Manifests;
using Grid.Infra.Tests.Measurements;
using Grid.Testing;

namespace Grid.Infra.Tests;

public sealed partial class AlertTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-alerts-");

    [Fact]
    public void Every_alert_says_how_grave_it_is_and_where_the_page_says_what_to_do()
    {
        var alerts = Asked.Alerts(Rendered.Read("production")).ToList();

        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            Assert.Contains(alert.At("labels.severity").Text, new[] { "critical", "warning" });
            Assert.NotEqual("", alert.At("annotations.summary").Text ?? "");
            var description = alert.At("annotations.description").Text ?? "";
            Assert.All(PageSection().Matches(description), match => Assert.Contains(match.Groups[1].Value, DeploymentPage.Headings));
        });
        Assert.Contains(alerts, alert => PageSection().IsMatch(alert.At("annotations.description").Text ?? ""));
    }

    [Fact]
    public void Prometheus_takes_the_rules_and_each_fires_when_it_should_and_not_before()
    {
        var promtool = Programs.Find("promtool");
        Assert.SkipWhen(promtool is null, "There is no promtool on the PATH (of Prometheus), which runs the rules.");
        File.WriteAllText(Path.Combine(_folder.FullName, "rules.yaml"), Groups());
        File.Copy(Path.Combine(Repository.Root, "tests", "Grid.Infra.Tests", "alerts.test.yaml"), Path.Combine(_folder.FullName, "alerts.test.yaml"));

        var check = Programs.Run(promtool!, "check", "rules", "--lint-fatal", Path.Combine(_folder.FullName, "rules.yaml"));
        var test = Programs.Run(promtool!, "test", "rules", Path.Combine(_folder.FullName, "alerts.test.yaml"));

        Assert.True(check.Code == 0, check.Output + check.Errors);
        Assert.True(test.Code == 0, test.Output + test.Errors);
    }

    [Fact]
    public void Every_alert_is_seen_to_fire()
    {
        var tested = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Grid.Infra.Tests", "alerts.test.yaml"));

        Assert.All(Asked.Alerts(Rendered.Read("production")), alert => Assert.Contains($"name: {alert["alert"].Text} fires\n", tested, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The rules as Prometheus itself reads them: what the custom resource holds, moved to the left.</summary>
    private static string Groups()
    {
        var text = File.ReadAllText(Path.Combine(Rendered.Folder, "monitoring", "alerts.yaml"));
        return string.Join('\n', text[text.IndexOf("  groups:", StringComparison.Ordinal)..].Split('\n').Select(line => line.StartsWith("  ", StringComparison.Ordinal) ? line[2..] : line));
    }

    [GeneratedRegex(@"See docs/kubernetes\.md, ([^.]+)\.")]
    private static partial Regex PageSection();
}
