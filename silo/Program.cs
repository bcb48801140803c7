using Grid.Silo;
using Grid.Silo.Cluster;
using Grid.Silo.Demo;
using Grid.Silo.Demo.Eats;

// The silo: a bundle, an engine or a cluster, the gateway. `serve` runs it, `demo` shows it at work, `gateway` stands in front of a cluster.
return args switch
{
    ["serve", .. var rest] => await ServeCommand.RunAsync(rest),
    ["demo", "eats", .. var rest] => await EatsDemo.RunAsync(rest),
    ["demo", .. var rest] => await DemoCommand.RunAsync(rest),
    ["gateway", .. var rest] => await GatewayCommand.RunAsync(rest),
    ["help" or "--help" or "-h" or "-?", ..] => Usage.Tell(Console.Out, 0),
    [] or [['-', ..], ..] => await ServeCommand.RunAsync(args),
    _ => Usage.Tell(Console.Error, 2),
};
