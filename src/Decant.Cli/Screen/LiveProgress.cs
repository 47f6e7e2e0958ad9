using Spectre.Console;

namespace Decant.Cli.Screen;

/// <summary>Progress on standard error: a moving bar in a terminal, plain lines elsewhere.</summary>
internal sealed class LiveProgress : IProgress<double>
{
    private const int BarWidth = 20,
        Beside = BarWidth + 22;

    private readonly ProgressTask? task;
    private readonly int room;

    private LiveProgress(ProgressTask? task, int width) => (this.task, room) = (task, Math.Max(20, width - Beside));

    /// <summary>Runs work under a progress display.</summary>
    public static T Run<T>(string title, Func<LiveProgress, T> work)
    {
        if (Console.IsErrorRedirected)
            return work(new LiveProgress(null, 0));
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }
        );
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new SpinnerColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .Start(context =>
                work(new LiveProgress(context.AddTask(Markup.Escape(title), maxValue: 1), console.Profile.Width))
            );
    }

    /// <summary>Says how much is done, 0 to 1, and what happens.</summary>
    public void Report(double done, string what)
    {
        if (task is null)
        {
            Console.Error.WriteLine($"{done, 5:0 %}  {what}");
            return;
        }
        task.Value = done;
        task.Description = Markup.Escape(what.Length > room ? what[..(room - 1)] + "…" : what);
    }

    void IProgress<double>.Report(double value) => Move(value);

    /// <summary>Says how much is done; elsewhere than in a terminal nothing is written.</summary>
    public void Move(double done)
    {
        if (task is not null)
            task.Value = done;
    }
}
