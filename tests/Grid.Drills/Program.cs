using Grid.Drills;

// dotnet run -c Release --project tests/Grid.Drills -- calm | kill | freeze | stop | join | roll [--times N] ...
return await DrillCommand.RunAsync(args, Console.Out, Console.Error);
