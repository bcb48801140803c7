using Grid.Infra.Tests.Measurements;

namespace Grid.Infra.Tests;

public sealed class QueryTests
{
    [Theory]
    [InlineData("up", "up", "")]
    [InlineData("sum(rate(a_total[5m])) / sum(rate(b_total{x=\"1\"}[$__rate_interval])) > 0.01", "a_total,b_total", "")]
    [InlineData("histogram_quantile(0.99, sum by (le, endpoint) (rate(c_seconds_bucket{d=~\"e|f\"}[5m])))", "c_seconds_bucket", "le,endpoint")]
    [InlineData("(count(up{job=\"a\"} == 1) or vector(0)) < 1e3", "up", "")]
    [InlineData("g * on(pod) group_left(node) h offset 5m", "g,h", "pod,node")]
    public void Names_and_groups_are_read(string expression, string names, string grouped)
    {
        var query = Query.Read(expression);

        Assert.Equal(names, string.Join(',', query.Selectors.Select(one => one.Name)));
        Assert.Equal(grouped, string.Join(',', query.Grouped));
    }

    [Fact]
    public void Matchers_are_read()
    {
        var selector = Query.Read("""rate(a_total{b="c",d=~"e|f", g!="h"}[5m])""").Selectors.Single();

        Assert.Equal([("b", "=", "c"), ("d", "=~", "e|f"), ("g", "!=", "h")], selector.Matchers);
    }
}
