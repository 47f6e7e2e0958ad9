// Decant where nothing is installed: one small native executable that loads a .dcnt file and reads a digit.
using AotClassify;
using Decant.Core;
using Decant.Runtime;

if (args is not [var model, var picture])
{
    Console.Error.WriteLine("AotClassify MODEL.dcnt IMAGE.pgm: which digit is on a grey picture, white on black?");
    return 2;
}
try
{
    using InferenceSession runtime = InferenceModel.Load(model).CreateSession();
    float[] scores = runtime.Run([Picture.Read(picture)])[0].Array<float>();
    int digit = Array.IndexOf(scores, scores.Max());
    Console.WriteLine($"{digit} (score {scores[digit]:0.00})");
    return 0;
}
catch (Exception e) when (e is DecantException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
