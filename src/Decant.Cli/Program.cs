using System.CommandLine;
using Decant.Cli.Commands;
using Decant.Cli.Screen;

ParseResult parsed = DecantCommand.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (string error in parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))
        Console.Error.WriteLine($"decant: {error}");
    Console.Error.WriteLine(
        $"decant: see 'decant {string.Join(' ', Failures.CommandPath(parsed))} --help'".Replace(
            "  ",
            " ",
            StringComparison.Ordinal
        )
    );
    return 2;
}
return await parsed
    .InvokeAsync(
        new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        }
    )
    .ConfigureAwait(false);
