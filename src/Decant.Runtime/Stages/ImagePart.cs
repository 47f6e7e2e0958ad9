namespace Decant.Runtime.Stages;

/// <summary>Which part of images is copied where.</summary>
internal readonly record struct ImagePart(
    int FromY, int FromX, int FromChannel, int ToY, int ToX, int ToChannel, int Height, int Width, int Channels, int StepY, int StepX);
