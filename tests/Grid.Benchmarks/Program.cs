using Grid.Benchmarks;

// dotnet run -c Release --project tests/Grid.Benchmarks -- ratios [NAME ...]
return await BenchmarkCommand.RunAsync(args);
