return Tdv.Samples.Commands.CommandLine.Run(args);
