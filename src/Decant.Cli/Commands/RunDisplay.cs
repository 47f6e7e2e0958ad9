using Decant.Cli.Screen;
using Decant.Runs;

namespace Decant.Cli.Commands;

/// <summary>Shows a run as it goes.</summary>
internal sealed class RunDisplay(LiveProgress live) : IProgress<RunProgress>
{
    public void Report(RunProgress value)
    {
        string round = value.Rounds > 1 ? $" {value.Round}/{value.Rounds}" : "";
        string what = value.Epoch is { } e
            ? $"epoch {e.Epoch}/{e.Epochs}  loss {e.Loss:0.0000}{(e.Accuracy is { } a ? $"  held-out error {100 * (1 - a):0.00} %" : "")}"
            : value.What;
        live.Report(value.Done, $"{value.Stage}{round}: {what}");
    }
}
