using Spectre.Console;

namespace Decant.Cli.Screen;

/// <summary>Progress on standard error: a moving bar in a terminal, plain lines elsewhere.</summary>
internal sealed class LiveProgress
{
    private readonly ProgressTask? task;

    private LiveProgress(ProgressTask? task) => this.task = task;

    /// <summary>Runs work under a progress display.</summary>
    public static T Run<T>(string title, Func<LiveProgress, T> work)
    {
        if (Console.IsErrorRedirected) return work(new LiveProgress(null));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new LiveProgress(context.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    /// <summary>Says how much is done, 0 to 1, and what happens.</summary>
    public void Report(double done, string what)
    {
        if (task is null)
        {
            Console.Error.WriteLine($"{done,5:0 %}  {what}");
            return;
        }
        task.Value = done;
        task.Description = Markup.Escape(what.Length > 70 ? what[..69] + "…" : what);
    }

    /// <summary>Says how much is done; elsewhere than in a terminal nothing is written.</summary>
    public void Move(double done)
    {
        if (task is not null) task.Value = done;
    }
}
