using System.Reflection;
using Spectre.Console;

namespace Decant.Tests.Cli;

/// <summary>Runs the command line within this process, its streams caught; one at a time, since those are the
/// process's.</summary>
internal static class CommandLine
{
    public sealed record Result(int Code, string Out, string Error)
    {
        /// <summary>The exit code is as said, and errors are one line without a stack trace.</summary>
        public Result Failed(int code)
        {
            Xunit.Assert.True(Code == code, $"exit code {Code}, not {code}: {Out}{Error}");
            string line = Xunit.Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l =>
                l.StartsWith("decant: ", StringComparison.Ordinal) && !l.Contains("--help'", StringComparison.Ordinal)
            );
            Xunit.Assert.DoesNotContain("   at ", Error);
            Xunit.Assert.DoesNotContain("Exception", line);
            return this;
        }

        public Result Succeeded()
        {
            Xunit.Assert.True(Code == 0, $"exit code {Code}: {Out}{Error}");
            return this;
        }
    }

    public static string Dll { get; } = Path.Combine(AppContext.BaseDirectory, "Decant.Cli.dll");

    private static readonly Lock Streams = new();

    public static Result Run(params string[] arguments)
    {
        lock (Streams)
            return Caught(arguments);
    }

    private static Result Caught(string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        (TextWriter o, TextWriter e, IAnsiConsole console) = (Console.Out, Console.Error, AnsiConsole.Console);
        try
        {
            Console.SetOut(output);
            Console.SetError(error);
            AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
            int code = (int)Assembly.LoadFrom(Dll).EntryPoint!.Invoke(null, [arguments])!;
            return new Result(code, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(o);
            Console.SetError(e);
            AnsiConsole.Console = console;
        }
    }
}
