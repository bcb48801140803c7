using System.Text;
using Grid.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

// Console.In would put other characters in place of bytes that are not UTF-8.
var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
using var input = new StreamReader(Console.OpenStandardInput(), strict);
var isInteractive = !Console.IsOutputRedirected && !Console.IsErrorRedirected;
return await GridCommand.RunAsync(args, new(input, Console.Out, Console.Error, isInteractive), stop.Token);
