namespace Grid.Silo;

/// <summary>What <c>--help</c> says.</summary>
internal static class Usage
{
    private const string Text = """
        The grid's server process: one bundle, the embedded engine or a member of a cluster, the HTTP gateway.

          serve            serves the bundle until Ctrl-C (also where no verb is given)
          gateway          serves HTTP in front of a cluster; it is told where that is by --Grid:Orleans:NAME=VALUE
          demo             starts a silo with a simulated history, drives a day of card payments through HTTP, and goes on serving
          demo eats        the same of food delivery: a city's day of searches, orders and couriers, each search ranked, each order with its arrival time

        Settings, from appsettings.json, then the environment (Grid__Engine__Folder=…), then the command line:
          --bundle DIR     the bundle's folder (default bundles/fraud; of demo eats bundles/eats)
          --data DIR       the data folder: journal and snapshots (default ./data; of the demos ./data/demo and ./data/demo-eats, emptied at their start)
          --host NAME      embedded (default) or orleans: a silo of a cluster, set up by --Grid:Orleans:NAME=VALUE
          --urls URL       where to listen (default http://127.0.0.1:8080; of demo eats http://127.0.0.1:8081)
          --Grid:Engine:NAME=VALUE, --Grid:Gateway:NAME=VALUE, --Grid:Orleans:NAME=VALUE, --Logging:…, --Kestrel:…

        Of the demos only:
          --seconds N      how long the day takes (default 12)
          --customers N    how many cards there are (default 2000)
          --users N        how many users the city has (default 2000)
          --exit           ends after the report
        """;

    public static int Tell(TextWriter to, int code)
    {
        to.WriteLine(Text);
        return code;
    }
}
