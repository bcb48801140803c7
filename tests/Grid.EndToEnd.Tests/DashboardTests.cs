using System.Text;
using Microsoft.Playwright;

namespace Grid.EndToEnd.Tests;

/// <summary>The dashboard in a real browser, over a real silo.</summary>
public sealed class DashboardTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task Decisions_appear_as_they_happen_and_a_click_shows_every_feature()
    {
        if (!File.Exists(Chromium))
        {
            Assert.Skip($"There is no {Chromium}; Debian's package chromium has it.");
        }

        using var folder = new TemporaryFolder();
        await using var silo = await SiloProcess.StartAsync(folder.Path);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } });
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, line) =>
        {
            if (line.Type == "error")
            {
                faults.Add(line.Text);
            }
        };

        await page.GotoAsync(silo.Address.ToString());
        await Assertions.Expect(page.GetByText("No decision yet")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#curl")).ToContainTextAsync("/v1/decisions/authorize");

        using var http = new HttpClient { BaseAddress = silo.Address };
        foreach (var (id, amount) in new[] { ("first", 12), ("second", 999) })
        {
            using var content = new StringContent(
                $$"""{"transaction_id":"{{id}}","at":"2025-07-25T12:00:29Z","card":"<b>4242</b>","terminal":"77","amount":{{amount}}}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri("/v1/decisions/authorize", UriKind.Relative), content, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
        }

        var rows = page.Locator("#rows tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("2");
        await Assertions.Expect(rows.First).ToContainTextAsync("<b>4242</b>"); // what callers send is shown as text
        await Assertions.Expect(page.Locator("#state-text")).ToHaveTextAsync("live");

        await rows.Last.GetByRole(AriaRole.Button).ClickAsync();
        var detail = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(detail).ToContainTextAsync("first");
        await Assertions.Expect(detail).ToContainTextAsync("card.amount_mean_30d");
        await Assertions.Expect(detail.Locator("#features tr")).ToHaveCountAsync(15);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(detail).ToBeHiddenAsync();

        await page.SetViewportSizeAsync(360, 640);
        Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(faults);
    }
}
