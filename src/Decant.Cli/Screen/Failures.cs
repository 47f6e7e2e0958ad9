using System.CommandLine;
using System.CommandLine.Parsing;
using Decant.Core;
using Decant.Torch;

namespace Decant.Cli.Screen;

/// <summary>Turns expected failures into one line and an exit code: 0 done, 1 failed, 2 wrong use.</summary>
internal static class Failures
{
    /// <summary>Gives a command its work: what it returns is the exit code.</summary>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, int> work) =>
        command.SetAction((parsed, cancellation) => Task.FromResult(Guard(() => work(parsed, cancellation))));

    /// <summary>Runs a command's work.</summary>
    public static int Guard(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"decant: {e.Message}");
            return 2;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("decant: stopped");
            return 1;
        }
        catch (Exception e)
            when (e
                    is DecantException
                        or TorchException
                        or IOException
                        or UnauthorizedAccessException
                        or OutOfMemoryException
            )
        {
            Console.Error.WriteLine($"decant: {e.Message.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    /// <summary>The words that lead to the command that was meant.</summary>
    public static IEnumerable<string> CommandPath(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (SymbolResult? s = parsed.CommandResult; s is CommandResult { Parent: not null } c; s = s.Parent)
            words.Push(c.Command.Name);
        return words;
    }
}

/// <summary>The command line asks for what is not possible.</summary>
/// <param name="message">One line.</param>
internal sealed class UsageException(string message) : DecantException(message);
