// Decant as a library: load, compress by a recipe, save, run in the managed runtime.
using Decant;
using Decant.Core;
using Decant.Data;
using Decant.Pipelines;
using Decant.Reports;
using Decant.Runs;
using Decant.Runtime;
using Decant.Torch;
using Decant.Training;

if (LibTorch.Problem is { } problem)
{
    Console.WriteLine($"this sample trains, and libtorch is not here: {problem}");
    return;
}

IDataSource train = Datasets.Open("digits", DataRoot.Resolve(), DatasetPart.Train).First(2000);
IDataSource test = Datasets.Open("digits", DataRoot.Resolve(), DatasetPart.Test).First(500);
Network network = Models.Load("zoo:lenet-300-100");
network = new Trainer(new TrainingOptions { Epochs = 20 }, train, Preprocessings.Default).Train(network);

Pipeline recipe = ShippedRecipes.Load("deep-compression", network).WithEpochs(0.5);
var compressor = new Compressor(recipe, new CompressionOptions { Train = train, Test = test });
string file = Path.Combine(Path.GetTempPath(), "digits.dcnt");
CompressionReport report = compressor.Run(network, file, new Lines()).Report;
Console.WriteLine(
    $"{report.Bytes:N0} bytes, {report.Ratio:0.0}x smaller, {report.Before!.Primary} before, "
        + $"{report.After!.Primary.Text} after"
);

using InferenceSession runtime = new InferenceModel(Models.Load(file)).CreateSession();
Score score = new Classification().Evaluate(network, runtime, test, Preprocessings.Default);
Console.WriteLine($"the file, run without libtorch: {score} on {score.Count} images");

internal sealed class Lines : IProgress<RunProgress>
{
    public void Report(RunProgress value) =>
        Console.WriteLine($"{value.Done, 5:0 %} {value.Stage} {value.Round}/{value.Rounds}: {value.What}");
}
